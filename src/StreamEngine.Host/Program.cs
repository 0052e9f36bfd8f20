using StreamEngine.Host.Commands;

return await CommandTree.Create(new CommandFrame(Console.Out, Console.Error)).RunAsync(args);
