package recipe

var _ = registerBase(Base{
	Name:  "lock_untrained",
	Title: "Somebody who was never taught anything",
	Doc: `The network of lock with random weights. It writes symbols at random, of which about one
in twenty ends an answer, and opens nothing at any level. It is computed from its seed, so there is
no file of it.`,
	Pretraining: pretraining("lock", lockShape, 0),
})
