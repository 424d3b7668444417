package recipe

import "github.com/posttrain/posttrain/core/task"

// BaseCardsExpert is the base "A careful card player".
var BaseCardsExpert = Base{
	Name:  "cards_expert",
	Title: "A careful card player",
	Doc: `The same network as cards and the same problems, but every answer that it was pretrained
on was right. It serves as a teacher for the methods of distillation.`,
	Task:     task.Cards,
	Shape:    cardsShape,
	Steps:    3000,
	Settings: []string{"mistakes=0"},
}
