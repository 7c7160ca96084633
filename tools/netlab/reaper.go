package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	reapCommand = "reap"
	// One file for each lab, locked by it and by its reaper: a file without a lock belongs to a lab that died with its reaper.
	lockFolder      = "/run/netlab"
	namespaceFolder = "/run/netns"
)

// reaper is a process of a session of its own, whose stdin ends when the lab's process does, even by SIGKILL.
type reaper struct {
	process  *exec.Cmd
	lifeline io.Closer
	done     bool
}

func startReaper(run string) (*reaper, error) {
	lock, err := takeLock(run)
	if err != nil {
		return nil, err
	}
	process := exec.Command("/proc/self/exe", reapCommand, run)
	process.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	process.ExtraFiles = []*os.File{lock}
	lifeline, err := process.StdinPipe()
	if err != nil {
		return nil, err
	}
	return &reaper{process: process, lifeline: lifeline}, process.Start()
}

func (r *reaper) finish() {
	if r.done {
		return
	}
	r.done = true
	r.lifeline.Close()
	r.process.Wait()
}

func takeLock(run string) (*os.File, error) {
	if err := os.MkdirAll(lockFolder, 0o755); err != nil {
		return nil, err
	}
	// Locked first and given its name then: a sweep never sees it without its lock.
	name := lockOf(run)
	file, err := os.Create(name + ".new")
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return nil, err
	}
	return file, os.Rename(name+".new", name)
}

func lockOf(run string) string { return filepath.Join(lockFolder, run+".lock") }

func reap(run string, lifeline io.Reader) {
	io.Copy(io.Discard, lifeline)
	clean(run)
}

// clean ends what runs in the namespaces of a run and removes them.
func clean(run string) {
	namespaces, _ := filepath.Glob(filepath.Join(namespaceFolder, namespacePrefix(run)+"*"))
	for _, path := range namespaces {
		namespace := filepath.Base(path)
		for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline) && endProcesses(namespace); {
			time.Sleep(20 * time.Millisecond)
		}
		exec.Command("ip", "netns", "delete", namespace).Run()
	}
	os.Remove(lockOf(run))
}

// endProcesses tells whether there were any. A namespace lives on, its devices too, while a process is in it.
func endProcesses(namespace string) bool {
	list, err := exec.Command("ip", "netns", "pids", namespace).Output()
	if err != nil {
		return false
	}
	pids := strings.Fields(string(list))
	for _, text := range pids {
		if pid, err := strconv.Atoi(text); err == nil {
			syscall.Kill(pid, syscall.SIGKILL)
		}
	}
	return len(pids) > 0
}

// sweep removes what labs left behind that were killed together with their reapers.
func sweep() {
	locks, _ := filepath.Glob(filepath.Join(lockFolder, "*.lock"))
	for _, path := range locks {
		file, err := os.Open(path)
		if err != nil {
			continue
		}
		if syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			clean(strings.TrimSuffix(filepath.Base(path), ".lock"))
		}
		file.Close()
	}
}
