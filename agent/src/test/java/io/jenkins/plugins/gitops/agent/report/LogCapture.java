package io.jenkins.plugins.gitops.agent.report;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.rules.ExternalResource;

/** Records everything that the plugin's classes log during a test, at all levels. */
final class LogCapture extends ExternalResource {
    final BlockingQueue<LogRecord> warnings = new LinkedBlockingQueue<>();
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger("io.jenkins.plugins.gitops");
    private final Handler handler = new Capturing();
    private Level before;

    @Override
    protected void before() {
        before = logger.getLevel();
        logger.setLevel(Level.ALL);
        handler.setLevel(Level.ALL);
        logger.addHandler(handler);
    }

    @Override
    protected void after() {
        logger.removeHandler(handler);
        logger.setLevel(before);
    }

    /** Returns the messages with their parameters and stack traces. */
    List<String> texts() {
        return texts;
    }

    private final class Capturing extends Handler {
        @Override
        public void publish(LogRecord entry) {
            StringWriter text = new StringWriter();
            text.write(new SimpleFormatter().formatMessage(entry));
            if (entry.getThrown() != null) {
                entry.getThrown().printStackTrace(new PrintWriter(text, true));
            }
            texts.add(text.toString());
            if (entry.getLevel() == Level.WARNING) {
                warnings.add(entry);
            }
        }

        @Override
        public void flush() {
            // Nothing is buffered.
        }

        @Override
        public void close() {
            // Nothing to close.
        }
    }
}
