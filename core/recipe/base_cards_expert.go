package recipe

import "github.com/posttrain/posttrain/core/task"

// BaseCardsExpert is the base "A careful card player".
var BaseCardsExpert = Base{
	Name:  "cards_expert",
	Title: "A careful card player",
	Doc: `The same network as cards and the same problems, but every answer it grew up on was right. It is a teacher: the
methods of distillation learn from what it would say.`,
	Task:     task.Cards,
	Shape:    cardsShape,
	Steps:    3000,
	Settings: []string{"mistakes=0"},
}
