package method

// Buffer says how a stage samples all training prompts at once, now and then, and draws its batches in random order from what
// was kept of it, instead of sampling afresh for every batch. Each answer stands in a group of its own, or with the one that it
// was compared with.
type Buffer struct {
	Every       int                    // updates from one filling to the next; 0: filled once, when the stage starts
	Keep        func(*Completion) bool // which rollouts are kept, if no one labels them; nil: all
	Demonstrate bool                   // the expert's demonstration, which is paid for, is kept of a prompt of which no rollout is
	Restart     bool                   // every filling after the first takes the policy back to the start of the stage, with a fresh optimiser
}

// Demonstrates says whether any demonstration of the practised skill may be learned from, or hinted at.
func (c Collect) Demonstrates() bool {
	return c.Demos > 0 || c.Hint != nil || c.Backlog != nil || c.Buffer != nil && c.Buffer.Demonstrate
}
