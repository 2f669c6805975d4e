"""Hello World: a web page that greets and shows what the platform gave it."""
