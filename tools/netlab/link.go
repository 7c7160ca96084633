package main

import (
	"container/heap"
	"fmt"
	"math/rand"
	"sync"
	"time"
)

// maxQueued bounds the memory of one direction: 15 MB of full packets.
const maxQueued = 10_000

// changes names only what shall become different.
type changes struct {
	DelayMs     *float64 `json:"delayMs"`
	JitterMs    *float64 `json:"jitterMs"`
	LossPercent *float64 `json:"lossPercent"`
	RateKbps    *float64 `json:"rateKbps"`
	QueueMs     *float64 `json:"queueMs"`
	Down        *bool    `json:"down"`
}

func (set changes) check() error {
	for _, field := range []struct {
		name  string
		value *float64
		most  float64
	}{
		{"delayMs", set.DelayMs, 60_000},
		{"jitterMs", set.JitterMs, 60_000},
		{"lossPercent", set.LossPercent, 100},
		{"rateKbps", set.RateKbps, 10_000_000},
		{"queueMs", set.QueueMs, 60_000},
	} {
		if field.value != nil && (*field.value < 0 || *field.value > field.most) {
			return fmt.Errorf("%s is between 0 and %g, not %g", field.name, field.most, *field.value)
		}
	}
	return nil
}

type waiting struct {
	due    time.Time
	number uint64
	packet []byte
}

type queue []waiting

func (q queue) Len() int { return len(q) }
func (q queue) Less(a, b int) bool {
	if q[a].due.Equal(q[b].due) {
		return q[a].number < q[b].number
	}
	return q[a].due.Before(q[b].due)
}
func (q queue) Swap(a, b int) { q[a], q[b] = q[b], q[a] }
func (q *queue) Push(x any)   { *q = append(*q, x.(waiting)) }
func (q *queue) Pop() any {
	last := len(*q) - 1
	item := (*q)[last]
	(*q)[last] = waiting{}
	*q = (*q)[:last]
	return item
}

type linkStats struct {
	From      string `json:"from"`
	To        string `json:"to"`
	Sent      uint64 `json:"sent"`
	Delivered uint64 `json:"delivered"`
	Bytes     uint64 `json:"bytes"`
	Lost      uint64 `json:"lost"`
	Media     uint64 `json:"media"`
	Cut       uint64 `json:"cut"`
	Overflown uint64 `json:"overflown"`
	Queued    int    `json:"queued"`
}

// isMedia tells sound and pictures from all else that two peers send over one port: the first byte is an RTP packet's (RFC 7983),
// the second is none of RTCP's types (RFC 5761).
func isMedia(packet []byte) bool {
	if len(packet) < 20 || packet[0]>>4 != 4 || packet[9] != 17 {
		return false
	}
	at := int(packet[0]&15)*4 + 8
	return len(packet) > at+1 && packet[at]>>6 == 2 && (packet[at+1] < 192 || packet[at+1] > 223)
}

// link is one direction between two hosts.
type link struct {
	deliver func(packet []byte) error
	wake    chan struct{}

	mutex                  sync.Mutex
	delay, jitter, backlog time.Duration
	loss                   float64
	bytesPerSecond         float64
	down                   bool
	chance                 *rand.Rand
	queue                  queue
	latest                 time.Time // when the last packet comes out: later ones do not overtake it
	busyUntil              time.Time // when the last packet has passed the bottleneck
	count                  linkStats
}

func newLink(from, to *host) *link {
	return &link{
		deliver: to.write,
		wake:    make(chan struct{}, 1),
		chance:  rand.New(rand.NewSource(time.Now().UnixNano())),
		backlog: 200 * time.Millisecond,
		count:   linkStats{From: from.Name, To: to.Name},
	}
}

func milliseconds(value float64) time.Duration {
	return time.Duration(value * float64(time.Millisecond))
}

func (l *link) change(set changes) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if set.DelayMs != nil {
		l.delay = milliseconds(*set.DelayMs)
		// A new way: its packets do not queue up behind those that still are on the old one.
		l.latest = time.Time{}
	}
	if set.JitterMs != nil {
		l.jitter = milliseconds(*set.JitterMs)
	}
	if set.LossPercent != nil {
		l.loss = *set.LossPercent / 100
	}
	if set.RateKbps != nil {
		l.bytesPerSecond = *set.RateKbps * 1000 / 8
		l.busyUntil = time.Time{}
	}
	if set.QueueMs != nil {
		l.backlog = milliseconds(*set.QueueMs)
	}
	if set.Down != nil {
		l.down = *set.Down
		if l.down {
			l.count.Cut += uint64(len(l.queue))
			l.queue = nil
		}
	}
}

func (l *link) send(packet []byte) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.count.Sent++
	if isMedia(packet) {
		l.count.Media++
	}
	now := time.Now()
	switch {
	case l.down:
		l.count.Cut++
		return
	case l.loss > 0 && l.chance.Float64() < l.loss:
		l.count.Lost++
		return
	case len(l.queue) >= maxQueued || l.busyUntil.Sub(now) > l.backlog:
		l.count.Overflown++
		return
	}
	due := now
	if l.bytesPerSecond > 0 {
		if l.busyUntil.After(due) {
			due = l.busyUntil
		}
		due = due.Add(time.Duration(float64(len(packet)) / l.bytesPerSecond * float64(time.Second)))
		l.busyUntil = due
	}
	if hold := l.delay + time.Duration(float64(l.jitter)*(2*l.chance.Float64()-1)); hold > 0 {
		due = due.Add(hold)
	}
	if due.Before(l.latest) {
		due = l.latest
	}
	l.latest = due
	heap.Push(&l.queue, waiting{due, l.count.Sent, packet})
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// next takes the packet that is due, or says how long there is nothing to do.
func (l *link) next() ([]byte, time.Duration) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if len(l.queue) == 0 {
		return nil, time.Hour
	}
	if wait := time.Until(l.queue[0].due); wait > 0 {
		return nil, wait
	}
	return heap.Pop(&l.queue).(waiting).packet, 0
}

func (l *link) run() {
	for {
		packet, wait := l.next()
		if packet == nil {
			timer := time.NewTimer(wait)
			select {
			case <-timer.C:
			case <-l.wake:
			}
			timer.Stop()
			continue
		}
		err := l.deliver(packet)
		l.mutex.Lock()
		if err == nil {
			l.count.Delivered++
			l.count.Bytes += uint64(len(packet))
		} else {
			l.count.Lost++
		}
		l.mutex.Unlock()
	}
}

func (l *link) stats() linkStats {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	now := l.count
	now.Queued = len(l.queue)
	return now
}
