package main

import "github.com/backube/volsync/internal/controller/mover/kopia"

func init() {
	enabledMovers = append(enabledMovers, kopia.Register)
}
