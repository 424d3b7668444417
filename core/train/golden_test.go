package train

// golden holds the first half of the digest that laneOf ends with, per method.
// A method without an entry fails. With one update a batch dr_grpo is reinforce.
var golden = map[string]string{
	"dr_grpo":   "93a319170c9986cd",
	"grpo":      "0da0a48d6d3f0d59",
	"reinforce": "93a319170c9986cd",
	"rft":       "5d38a51d10b8721a",
	"rloo":      "981b100b3cf7cd72",
	"sft":       "eb57c99c3177cc2e",
}
