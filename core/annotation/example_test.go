package annotation_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/annotation"
	"github.com/posttrain/posttrain/core/protocol"
)

// A person and a reward model compare the same two answers. One pair shows no bias.
func ExampleOf() {
	pair := protocol.Comparison{First: protocol.Sample{Response: "abc", Reward: 1, Judged: 0.3},
		Second: protocol.Sample{Response: "abcd", Reward: 0, Judged: 0.8}}
	r := annotation.Of([]annotation.Lane{{Name: "rlhf", Judged: "a",
		Pairs: []protocol.Comparison{pair}, Fresh: []protocol.Comparison{pair}}})
	fmt.Println(r.Headline)
	fmt.Println(r.Says[0])
	// Output:
	// Which bias of yours the reward model took over cannot be told from 1 pair.
	// You agree with the gold reward in 1 of 1 pairs that differ in it.
}
