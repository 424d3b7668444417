// Package optim updates weights. It maximises: every gradient is a direction of ascent, as
// coefficients are. Start with [New] and [Optimiser]. There is one file for each optimiser,
// schedule and guard.
package optim
