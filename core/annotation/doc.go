// Package annotation compares the labels of a person with what a reward model made of them: how
// often they agree with each other and with the gold reward, and which biases of the person the
// reward model took over. Its input is the pairs that a lane reports on [protocol.Examine].
package annotation
