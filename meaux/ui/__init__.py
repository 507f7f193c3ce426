"""What appears on the screen: the frame, the filters, the data's door and the cards."""
