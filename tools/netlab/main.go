// Netlab joins hosts on one Linux machine by links whose delay, jitter, loss, rate and cuts are set while it runs.
// Each host is a network namespace with one TUN device. Commands come as JSON lines on stdin, answers go to stdout;
// when stdin ends, so does the lab. It needs root.
package main

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == reapCommand {
		reap(os.Args[2], os.Stdin)
		return
	}
	hostList := flag.String("hosts", "", "name=address, separated by commas")
	mtu := flag.Int("mtu", 1500, "of every device, in bytes")
	lifetime := flag.Duration("lifetime", 10*time.Minute, "after which the lab ends by itself")
	flag.Parse()
	if err := run(*hostList, *mtu, *lifetime); err != nil {
		json.NewEncoder(os.Stdout).Encode(map[string]string{"event": "failed", "error": err.Error()})
		os.Exit(1)
	}
}

func run(hostList string, mtu int, lifetime time.Duration) error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	hosts, err := parseHosts(hostList)
	if err != nil {
		return err
	}
	sweep()
	id := make([]byte, 4)
	if _, err := rand.Read(id); err != nil {
		return err
	}
	run := hex.EncodeToString(id)
	reaper, err := startReaper(run)
	if err != nil {
		return err
	}
	// The reaper takes away what there is, however this process ends; an orderly end waits for it.
	defer reaper.finish()
	for index, host := range hosts {
		if err := host.create(run, index, mtu); err != nil {
			return fmt.Errorf("host %s: %w", host.Name, err)
		}
	}
	net := newNetwork(hosts)
	net.start()

	answers := json.NewEncoder(os.Stdout)
	answers.Encode(map[string]any{"event": "ready", "hosts": hosts})
	commands := make(chan command)
	go readCommands(os.Stdin, commands)
	end := time.NewTimer(lifetime)
	for {
		select {
		case <-signals:
			return nil
		case <-end.C:
			return fmt.Errorf("the lab ended after its lifetime of %s", lifetime)
		case next, open := <-commands:
			if !open {
				return nil
			}
			if next.Op == "stop" {
				reaper.finish()
				answers.Encode(answer{Id: next.Id})
				return nil
			}
			answers.Encode(net.obey(next))
		}
	}
}
