package recipe

import (
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/task"
)

// Standard returns the catalogue that is part of the program.
func Standard() *Catalogue {
	return &Catalogue{readBase: readShipped, entries: Entries{
		Tasks:    task.All(),
		Methods:  method.All(),
		Bases:    standardBases(),
		Exhibits: standardExhibits(),
	}}
}

// standardBases returns the bases of this package in the order of their names.
func standardBases() []Base {
	return []Base{
		BaseAddition,
		BaseCards,
		BaseCardsConfused,
		BaseCardsExpert,
		BaseCompose,
		BaseCountdown,
		BaseFacts,
		BaseLock,
		BaseLockUntrained,
		BaseMaze,
		BaseParity,
		BasePaths,
		BaseRefusal,
		BaseStories,
		BaseTaste,
	}
}

// standardExhibits returns the exhibits of this package in the order of the menu, failures last.
func standardExhibits() []Exhibit {
	return []Exhibit{
		WhoseWords,
		Memorise,
		Razor,
		PassK,
		Compose,
		ColdStart,
		Hybrids,
		Parity,
		Entropy,
		Hacking,
		Annotator,
		Refusal,
		Cost,
		Sparsity,
		Densities,
		FailureGroups,
		FailureLeak,
		FailureLength,
		FailureCollapse,
		FailureOverfit,
		FailureConfused,
		FailureHot,
	}
}
