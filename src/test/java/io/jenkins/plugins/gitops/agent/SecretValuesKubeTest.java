package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.gitops.core.sync.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.sync.ReportInbox;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.Rule;
import org.junit.Test;

/** What the API server quotes of a Secret that it refuses is in no report and no log. */
public class SecretValuesKubeTest {
    @Rule
    public final PlaneApplication application = new PlaneApplication();

    @Test
    public void unquotedNumberInTheDataOfASecretIsNotShown() throws Exception {
        List<String> log = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                log.add(record.getMessage() + " " + record.getThrown());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger root = Logger.getLogger("io.jenkins.plugins.gitops");
        root.addHandler(handler);
        try {
            String commit = application.commit(Map.of("secret.yaml", """
                    apiVersion: v1
                    kind: Secret
                    metadata: {name: db}
                    data: {pin: 48151623, short: 42}
                    """));
            application.running().start();
            ApplicationStatus failed = application.awaitFailed(commit);
            String report = new String(ReportInbox.format(failed), StandardCharsets.UTF_8);
            assertThat(report, containsString(".data."));
            assertThat(report, containsString("expected string, got a value of another type (hidden)"));
            assertThat(report, not(containsString("48151623")));
            assertThat(report, not(containsString("Value:42")));
            assertThat(log, hasItem(containsString("(hidden)")));
            assertThat(log, everyItem(not(containsString("48151623"))));
        } finally {
            root.removeHandler(handler);
        }
    }
}
