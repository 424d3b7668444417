package objective

// Buffer describes how a stage samples all training prompts at once, every so often, and draws
// its batches from what it kept of them in random order, instead of sampling each batch anew.
// Each kept answer is a group of its own, or shares one with the answer that it was compared
// with.
type Buffer struct {
	Every       int                    // updates from one filling to the next; 0: filled once, when the stage starts
	Keep        func(*Completion) bool // which rollouts are kept, if no one labels them; nil: all
	Demonstrate bool                   // the expert's demonstration, which is paid for, is kept of a prompt of which no rollout is
	Restart     bool                   // every filling after the first takes the policy back to the start of the stage, with a fresh optimiser
}
