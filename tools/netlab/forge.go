package main

import (
	"encoding/binary"
	"fmt"
	"time"
)

const (
	ipHeader  = 20
	udpHeader = 8
	// A flood is bounded: a lab's packets are gone within seconds, whoever forgets it.
	mostForged = 100_000
)

// forgery is a UDP packet as an attacker writes it who can name any sender: one on the path, or beside a network that
// lets such packets out.
type forgery struct {
	FromPort uint16 `json:"fromPort"`
	ToPort   uint16 `json:"toPort"`
	// Payload comes in base64.
	Payload []byte `json:"payload"`
	Times   int    `json:"times"`
}

// forge sends the packet over the link as if `from` had, in bursts with a pause between them.
func (net *network) forge(from, to string, what forgery) error {
	link := net.link(from, to)
	if link == nil {
		return fmt.Errorf("there is no link between %q and %q", from, to)
	}
	if what.Times < 1 || what.Times > mostForged || len(what.Payload) > 1400 {
		return fmt.Errorf("a packet is forged 1 to %d times and has 1400 bytes at most", mostForged)
	}
	packet := udpPacket(net.ip(from), net.ip(to), what)
	for sent := 0; sent < what.Times; sent++ {
		link.send(append([]byte(nil), packet...))
		if sent%100 == 99 {
			time.Sleep(time.Millisecond)
		}
	}
	return nil
}

func udpPacket(from, to [4]byte, what forgery) []byte {
	packet := make([]byte, ipHeader+udpHeader, ipHeader+udpHeader+len(what.Payload))
	packet[0] = 0x45
	binary.BigEndian.PutUint16(packet[2:], uint16(cap(packet)))
	packet[8], packet[9] = 64, 17
	copy(packet[12:], from[:])
	copy(packet[16:], to[:])
	var sum uint32
	for at := 0; at < ipHeader; at += 2 {
		sum += uint32(binary.BigEndian.Uint16(packet[at:]))
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	binary.BigEndian.PutUint16(packet[10:], ^uint16(sum))
	binary.BigEndian.PutUint16(packet[20:], what.FromPort)
	binary.BigEndian.PutUint16(packet[22:], what.ToPort)
	// A checksum of zero is none (RFC 768).
	binary.BigEndian.PutUint16(packet[24:], uint16(udpHeader+len(what.Payload)))
	return append(packet, what.Payload...)
}
