package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// enoughMemory returns an error if work takes more memory than is available, where the system says
// how much that is.
func enoughMemory(what string, bytes float64) error {
	available, known := availableMemory()
	if !known || bytes <= available {
		return nil
	}
	return fmt.Errorf("%s takes about %s of memory, and %s are available: want a smaller dim, "+
		"fewer layers or fewer --threads", what, inGB(bytes), inGB(available))
}

// availableMemory returns how many bytes the system can still give to programs. known is false
// where it does not say so.
func availableMemory() (bytes float64, known bool) {
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return 0, false
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) == 3 && fields[0] == "MemAvailable:" && fields[2] == "kB" {
			kilobytes, err := strconv.ParseFloat(fields[1], 64)
			return kilobytes * 1024, err == nil
		}
	}
	return 0, false
}

func inGB(bytes float64) string { return fmt.Sprintf("%.1f GB", bytes/1e9) }
