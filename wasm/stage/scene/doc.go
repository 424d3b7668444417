// Package scene turns what lanes have told into pictures and tables. A Record keeps it, a Scene draws it: as a Picture of
// lines, areas, dots and words at their places, and as a Table of the same numbers. There is no browser in this package,
// and nothing is remembered between two pictures: the same record, view and size give the same picture.
//
// A scene is one file and one entry of All.
package scene
