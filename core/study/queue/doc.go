// Package queue spreads the cells of a study over workers by NATS JetStream.
//
// A cell waits as a message in a stream of its study until its outcome is kept in a bucket beside
// the stream. A [Queue] is both together. [Open] makes them and is for the one process that
// collects the outcomes ([Queue.Collect]); [Join] finds them and is for workers ([Worker.Work]). A
// worker that dies has its cells delivered again.
//
// The server may be anywhere ([Dial]), or part of the process ([Start]).
package queue
