package kopia

import (
	"regexp"
	"strings"
)

var (
	// What says that something went wrong, in whatever case it is written.
	trouble = []string{"error", "failed", "unable to"}
	// What says how far a mover came.
	progress = []string{"=== Discovery Mode", "Available Snapshots", "No snapshots found", "No eligible snapshots",
		"Snapshot created successfully", "Snapshot restore completed", "Repository connected"}
	identity = regexp.MustCompile(`^[^@]+@[^:]+:.+\s+\d{4}-\d{2}-\d{2}`)
)

// kept are the lines of a restore's log that the fork's filter leaves in the status.
func kept(line string) *string {
	for _, word := range trouble {
		if strings.Contains(strings.ToLower(line), word) {
			return &line
		}
	}
	for _, text := range progress {
		if strings.Contains(line, text) {
			return &line
		}
	}
	if identity.MatchString(line) || (strings.Contains(line, `"userName"`) && strings.Contains(line, `"hostName"`)) {
		return &line
	}
	return nil
}
