package io.jenkins.plugins.gitops.agent.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import picocli.CommandLine.Option;

/** How a command that runs on logs: what it does and what its libraries say, in one format, to the error stream. */
final class LogOptions {
    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger PROGRESS = Logger.getLogger("gitops-agent");

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text (default): time, level, message. json: one object for each line.")
    private LogFormat format;

    /**
     * From now on everything is logged there.
     *
     * @return takes the lines that tell what the command does
     */
    Consumer<String> begin(PrintWriter stream) {
        for (Handler handler : ROOT.getHandlers()) {
            ROOT.removeHandler(handler);
        }
        LogLineFormatter formatter = new LogLineFormatter(format);
        Handler handler = new StreamHandler(stream);
        handler.setFormatter(formatter);
        ROOT.addHandler(handler);
        return line -> PROGRESS.log(Level.INFO, "{0}", line);
    }

    /** Writes whole lines at once; a line that is kept back helps nobody when a process is killed. */
    private static final class StreamHandler extends Handler {
        private final PrintWriter stream;

        StreamHandler(PrintWriter stream) {
            this.stream = stream;
        }

        @Override
        public synchronized void publish(LogRecord entry) {
            if (isLoggable(entry)) {
                stream.print(getFormatter().format(entry));
                stream.flush();
            }
        }

        @Override
        public void flush() {
            stream.flush();
        }

        @Override
        public void close() {
            stream.flush();
        }
    }
}
