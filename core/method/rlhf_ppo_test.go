package method

var _ = enter("rlhf_ppo", entry{bits: "1c1bc0806e9fca60", objective: ppoTextbook,
	mutants: ppoMutants})
