package access

// Verdict is what a look at the rights of a live stream's viewer found.
type Verdict struct {
	// Level is the viewer's level of sight on the topic now. Above the stream's
	// it means that the stream could show more.
	Level Level
	// Lost says that the stream's level is gone, and Last up to which number of
	// the topic everything may still be sent: that of the fact which took the
	// right, or zero.
	Lost bool
	Last int64
	// Err ends the stream for another reason: the viewer was signed out.
	Err error
}
