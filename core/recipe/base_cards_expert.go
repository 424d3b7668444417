package recipe

var _ = registerBase(Base{
	Name:  "cards_expert",
	Title: "A careful card player",
	Doc: `The same network as cards and the same problems, but every answer that it was pretrained
on was right. It serves as a teacher for the methods of distillation.`,
	Pretraining: pretraining("cards", cardsShape, 3000, "mistakes=0"),
})
