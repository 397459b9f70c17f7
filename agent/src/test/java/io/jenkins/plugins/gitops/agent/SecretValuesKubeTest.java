package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.ReportVerifier;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** Values that the API server quotes from a rejected Secret are in no report and no line of progress. */
public class SecretValuesKubeTest {
    @Rule
    public final DeployedApplication application = new DeployedApplication();

    @Test
    public void unquotedNumberInTheDataOfASecretIsNotShown() throws Exception {
        String commit = application.commit(Map.of("secret.yaml", """
                apiVersion: v1
                kind: Secret
                metadata: {name: db}
                data: {pin: 48151623, short: 42}
                """));
        application.running().start();
        ApplicationStatus failed = application.awaitFailed(commit);
        String report = new String(ReportVerifier.format(failed), StandardCharsets.UTF_8);
        assertThat(report, containsString(".data."));
        assertThat(report, containsString("expected string, got a value of another type (hidden)"));
        assertThat(report, not(containsString("48151623")));
        assertThat(report, not(containsString("Value:42")));
        assertThat(application.running().progress(), hasItem(containsString("(hidden)")));
        assertThat(application.running().progress(), everyItem(not(containsString("48151623"))));
    }
}
