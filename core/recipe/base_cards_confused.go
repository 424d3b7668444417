package recipe

import "github.com/posttrain/posttrain/core/task"

// BaseCardsConfused is the base "A card player who confuses the rules".
var BaseCardsConfused = Base{
	Name:  "cards_confused",
	Title: "A card player who confuses the rules",
	Doc: `The network of cards, pretrained for a third of the time on the same hands, three in ten
of which were answered by the wrong one of the two rules. Sampled answers are right at .38 of the
hands under rule A and .36 under rule B (greedy answers .98 and .96), and sort at .95.`,
	Task:     task.Cards,
	Shape:    cardsShape,
	Steps:    1000,
	Settings: []string{"confused=0.3"},
}
