package main

import (
	"sync/atomic"
)

type pair struct{ from, to string }

type network struct {
	hosts      []*host
	links      map[pair]*link
	unroutable atomic.Uint64
}

func newNetwork(hosts []*host) *network {
	net := &network{hosts: hosts, links: map[pair]*link{}}
	for _, from := range hosts {
		for _, to := range hosts {
			if from != to {
				net.links[pair{from.Name, to.Name}] = newLink(from, to)
			}
		}
	}
	return net
}

func (net *network) link(from, to string) *link { return net.links[pair{from, to}] }

func (net *network) ip(name string) [4]byte {
	for _, host := range net.hosts {
		if host.Name == name {
			return host.ip
		}
	}
	return [4]byte{}
}

func (net *network) start() {
	for _, link := range net.links {
		go link.run()
	}
	for _, host := range net.hosts {
		go net.forward(host)
	}
}

// forward hands every packet that a host sends to the link towards the host that has its destination.
func (net *network) forward(from *host) {
	links := map[[4]byte]*link{}
	for _, to := range net.hosts {
		if to != from {
			links[to.ip] = net.link(from.Name, to.Name)
		}
	}
	buffer := make([]byte, 65_536)
	for {
		length, err := from.device.Read(buffer)
		if err != nil {
			return
		}
		// IPv4 alone: the devices have no IPv6 address.
		if length < 20 || buffer[0]>>4 != 4 {
			continue
		}
		var to [4]byte
		copy(to[:], buffer[16:20])
		link, known := links[to]
		if !known {
			net.unroutable.Add(1)
			continue
		}
		link.send(append([]byte(nil), buffer[:length]...))
	}
}

func (net *network) stats() *stats {
	all := &stats{Links: []linkStats{}, Unroutable: net.unroutable.Load()}
	for _, from := range net.hosts {
		for _, to := range net.hosts {
			if from != to {
				all.Links = append(all.Links, net.link(from.Name, to.Name).stats())
			}
		}
	}
	return all
}
