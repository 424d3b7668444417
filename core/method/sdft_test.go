package method

var _ = enter("sdft", entry{
	bits:      "0d5b648e9801530a",
	objective: rightOrShown,
	mutants:   rightOrShownMutants,
})
