package recipe

var _ = registerBase(Base{
	Name:  "cards_expert",
	Title: "A careful card player",
	Doc: `The same network as cards and the same problems, but every answer it grew up on was right. It is a teacher: the
methods of distillation learn from what it would say.`,
	Pretraining: pretraining("cards", cardsShape, 3000, "mistakes=0"),
})
