package main

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"unsafe"
)

type host struct {
	Name      string `json:"name"`
	Address   string `json:"address"`
	Namespace string `json:"namespace"`
	ip        [4]byte
	device    *os.File
}

var hostName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,19}$`)

func parseHosts(list string) ([]*host, error) {
	hosts := []*host{}
	seen := map[string]bool{}
	for _, entry := range strings.Split(list, ",") {
		name, address, _ := strings.Cut(entry, "=")
		ip, err := netip.ParseAddr(address)
		if !hostName.MatchString(name) || err != nil || !ip.Is4() || ip.IsLoopback() || ip.IsMulticast() {
			return nil, fmt.Errorf("%q is no host: a name of small letters, digits and hyphens, and an IPv4 address", entry)
		}
		if seen[name] || seen[ip.String()] {
			return nil, fmt.Errorf("%q has the name or the address of another host", entry)
		}
		seen[name], seen[ip.String()] = true, true
		hosts = append(hosts, &host{Name: name, Address: ip.String(), ip: ip.As4()})
	}
	if len(hosts) < 2 {
		return nil, errors.New("a lab has two hosts or more")
	}
	return hosts, nil
}

// namespacePrefix is what all namespaces of a run begin with, and nobody else's.
func namespacePrefix(run string) string { return "netlab-" + run + "-" }

func (h *host) create(run string, index, mtu int) error {
	h.Namespace = namespacePrefix(run) + h.Name
	if err := ip("", "netns", "add", h.Namespace); err != nil {
		return err
	}
	device := fmt.Sprintf("nl%s%d", run, index)
	file, err := openTun(device)
	if err != nil {
		return fmt.Errorf("/dev/net/tun: %w", err)
	}
	h.device = file
	if err := ip("", "link", "set", "dev", device, "netns", h.Namespace, "name", "eth0"); err != nil {
		return err
	}
	// A single address and a route for everything: two hosts need not be of one subnet.
	return ip(strings.Join([]string{
		"link set lo up",
		fmt.Sprintf("link set eth0 mtu %d txqueuelen 2000 addrgenmode none", mtu),
		fmt.Sprintf("addr add %s/32 dev eth0", h.Address),
		"link set eth0 up",
		fmt.Sprintf("route add default dev eth0 src %s", h.Address),
	}, "\n"), "-n", h.Namespace, "-batch", "-")
}

func (h *host) write(packet []byte) error {
	_, err := h.device.Write(packet)
	return err
}

func ip(input string, args ...string) error {
	command := exec.Command("ip", args...)
	command.Stdin = strings.NewReader(input)
	if said, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("ip %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(string(said)))
	}
	return nil
}

// openTun makes a device that lives as long as the file is open, in whichever namespace it is put.
func openTun(name string) (*os.File, error) {
	descriptor, err := syscall.Open("/dev/net/tun", syscall.O_RDWR|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	// struct ifreq, linux/if.h
	var request struct {
		name  [syscall.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}
	copy(request.name[:syscall.IFNAMSIZ-1], name)
	request.flags = syscall.IFF_TUN | syscall.IFF_NO_PI
	pointer := uintptr(unsafe.Pointer(&request))
	if _, _, code := syscall.Syscall(syscall.SYS_IOCTL, uintptr(descriptor), syscall.TUNSETIFF, pointer); code != 0 {
		syscall.Close(descriptor)
		return nil, code
	}
	return os.NewFile(uintptr(descriptor), name), nil
}
