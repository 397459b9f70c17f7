package io.jenkins.plugins.gitops.agent.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import picocli.CommandLine.Option;

/** Logging of a long-running command: its own messages and those of its libraries, in one format, on standard error. */
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
     * Redirects all logging to the stream.
     *
     * @return receives the command's progress messages
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

    /** Flushes after each line, so that no buffered line is lost when the process is killed. */
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
