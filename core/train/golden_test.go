package train

// golden holds the first half of the digest that short lanes end with. Each way
// through the trainer has one: demonstrations, buffers, rollouts with and
// without a reference model, several updates a batch, a chain with a schedule.
// The bits of each method's coefficients are held beside the method.
var golden = []struct {
	stages [][]string
	digest string
}{
	{[][]string{{"sft", "steps=5", "batch=8", "lr=0.01"}}, "eb57c99c3177cc2e"},
	{[][]string{{"rft", "steps=5", "batch=8", "lr=0.01"}}, "5d38a51d10b8721a"},
	{[][]string{{"raft", "steps=5", "batch=24", "lr=0.01"}}, "5ca26a1f34d17683"},
	{[][]string{{"sdft", "steps=5", "batch=8", "group=8", "lr=0.01"}}, "843f1cd5e41cfc30"},
	{[][]string{{"star", "steps=5", "round=2", "batch=8", "group=8", "lr=0.01"}}, "e1ec0b1a8792fee2"},
	{[][]string{{"reinforce", "steps=5", "batch=8", "lr=0.01"}}, "93a319170c9986cd"},
	{[][]string{{"grpo", "steps=5", "batch=8", "lr=0.01"}}, "0da0a48d6d3f0d59"},
	{[][]string{{"relift", "steps=5", "batch=8", "lr=0.01"}}, "652d6eccde43c48f"},
	{[][]string{{"exgrpo", "steps=6", "batch=60", "group=12", "solved=0", "lr=0.01", "epochs=2"}}, "9b06244b29998e90"},
	{[][]string{{"dr_grpo", "steps=5", "batch=8", "lr=0.01", "epochs=2", "entropy=0.01"}}, "c6c4a41cf6ae5fe6"},
	{[][]string{{"sft", "steps=4", "batch=8", "lr=0.01", "anchor=0.5", "blend=0.25"}}, "43ecba62d3b94d51"},
	{[][]string{{"psft", "steps=5", "batch=8", "lr=0.01", "epochs=3"}}, "49fe4b7040e0a8ea"},
	{[][]string{{"prefix_rft", "steps=5", "batch=8", "lr=0.01", "epochs=2", "entropy=0.01"}}, "c14226d22f35c512"},
	{[][]string{{"uft", "steps=5", "batch=8", "lr=0.01", "fade=4"}}, "5aec80dd5af86126"},
	{[][]string{{"srl", "steps=5", "batch=8", "lr=0.01"}}, "84ae1ce78f08b005"},
	{[][]string{{"bread", "steps=5", "batch=16", "lr=0.01", "group=3"}}, "388064f910db4e83"},
	{[][]string{{"grpo", "steps=6", "batch=120", "group=2", "lr=0.01", "prompts=greso"}}, "334c271cd6bc828d"},
	{[][]string{{"grpo", "steps=5", "batch=8", "lr=0.01", "downsample=pods", "keep=3"}}, "44e413d311a786f9"},
	{[][]string{{"grpo", "steps=5", "batch=8", "lr=0.01", "beta=0.1", "epochs=2", "kl=reward"}}, "854eee12df3b02b5"},
	{[][]string{{"grpo", "steps=5", "batch=8", "lr=0.01", "beta=0.1", "epochs=2", "kl=exact"}}, "6e49a5979db832ac"},
	{[][]string{{"grpo", "steps=5", "batch=8", "lr=0.01", "beta=0.1", "refresh=2"}}, "b542fd643f74755d"},
	{[][]string{{"sft", "steps=5", "batch=8", "lr=0.01", "demos=10", "select=fisher", "wrong=0.3", "prior=0.25"}}, "6697f85b4debc864"},
	{[][]string{{"grpo", "steps=5", "batch=8", "lr=0.01", "beta=0", "ewc=10"}}, "6308d859dd09efb0"},
	{[][]string{{"sasr", "steps=8", "batch=8", "lr=0.01", "sft_steps=3", "gamma=1"}}, "732d6b46aa641b85"},
	{[][]string{{"grpo", "steps=5", "batch=8", "lr=0.01", "temp=1.5", "beta=0.1", "epochs=2", "entropy=0.01", "kl=exact"}}, "e5efda991cd9ff6d"},
	{[][]string{{"grpo", "steps=5", "batch=8", "lr=0.01", "temp=1.5", "beta=0.1", "epochs=2", "entropy=0.01", "kl=exact", "tempered=false"}}, "f93fdbafbdf868c0"},
	{[][]string{{"dpo", "steps=4", "batch=8", "lr=0.01", "temp=0.7"}}, "05ad3e248dcac9a8"},
	{[][]string{{"gkd", "steps=4", "batch=8", "lr=0.01", "temp=0.7"}}, "b3d6aad5e73d97ab"},
	{[][]string{{"mix", "steps=4", "batch=8", "lr=0.01", "temp=0.7", "tempered=false"}}, "aeddd14a8ac8c2b7"},
	{[][]string{{"exgrpo", "steps=6", "batch=60", "group=12", "solved=0", "lr=0.01", "epochs=2", "temp=1.3", "tempered=false"}}, "8c84fc0053ff756a"},
	{[][]string{{"gkd", "steps=4", "batch=8", "lr=0.01"}}, "e548c2e54ebee906"},
	{[][]string{{"dpo", "steps=4", "batch=8", "lr=0.01", "length_bias=0.1"}}, "05c67d295735d642"},
	{[][]string{{"rlhf", "steps=4", "batch=8", "lr=0.01", "beta=0.04", "length_bias=0.1", "join=uwo"}}, "40b42e4bc7d7a817"},
	{[][]string{{"best_of_n", "steps=4", "batch=8", "lr=0.01", "length_bias=0.1"}}, "e8e7b9f4f1b67c8f"},
	{[][]string{{"ppo", "steps=5", "batch=8", "lr=0.01", "epochs=2", "entropy=0.01"}}, "1c92fcefb512168f"},
	{[][]string{{"sft", "steps=3", "batch=8", "lr=0.01", "style=y"},
		{"rloo", "steps=4", "batch=8", "lr=0.01", "schedule=cosine", "warmup=1", "decay=0.1"}}, "0056808f32e48a70"},
}
