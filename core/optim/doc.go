// Package optim moves weights uphill: it maximises, as coefficients are ascent
// directions throughout. One file per optimiser, schedule or guard.
package optim
