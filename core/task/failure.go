package task

// Failure is what a function of a task panics with when the program that defines the task fails.
// Sessions and pretrainings return Err instead, see [Catch].
type Failure struct{ Err error }

// Catch sets err to that of a [Failure] with which the function that defers it panics:
//
//	defer task.Catch(&err)
func Catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case Failure:
		*err = r.Err
	default:
		panic(r)
	}
}
