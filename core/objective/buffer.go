package objective

// Buffer describes how a stage samples all training prompts at once, every so often, and draws
// its batches from what it kept of them in random order, instead of sampling each batch anew.
// Each kept answer is a group of its own, or shares one with the answer that it was compared
// with.
type Buffer struct {
	Every       int                    // updates from one filling to the next; 0 means filled once, when the stage starts
	Keep        func(*Completion) bool // reports whether an unlabelled rollout is kept; nil keeps all
	Demonstrate bool                   // if no rollout of a prompt is kept, keep its demonstration, which is charged
	Restart     bool                   // reset the policy and the optimiser to the start of the stage before every filling but the first
}
