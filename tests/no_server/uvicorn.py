raise ImportError("no server here")
