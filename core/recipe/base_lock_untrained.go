package recipe

var _ = registerBase(Base{
	Name:  "lock_untrained",
	Title: "Somebody who was never taught anything",
	Doc: `The network of lock with fresh weights. It writes symbols at random, about one in twenty of which ends an answer, and opens nothing at any level. It is
computed from its seed, so there is no file of it.`,
	Pretraining: pretraining("lock", lockShape, 0),
})
