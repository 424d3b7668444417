package objective

// Buffer describes how a stage samples all training prompts at once, every so often, and draws
// its batches from what it kept of them in random order, instead of sampling each batch anew.
// Each kept answer is a group of its own, or shares one with the answer that it was compared
// with.
type Buffer struct {
	// Every is the number of updates from one filling to the next. 0 means that the buffer is
	// filled once, when the stage starts.
	Every int
	// Keep reports whether an unlabelled rollout is kept. nil keeps all.
	Keep func(*Completion) bool
	// Demonstrate keeps a prompt's demonstration, which is charged, if none of its rollouts is
	// kept.
	Demonstrate bool
	// Restart resets the policy and the optimiser to the start of the stage before every filling
	// but the first.
	Restart bool
}
