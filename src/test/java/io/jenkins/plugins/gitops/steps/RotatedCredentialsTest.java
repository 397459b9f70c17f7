package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** A password that changes while a build runs. */
public class RotatedCredentialsTest {
    private static final String REPO = "config.git";
    private static final String NEW_PASSWORD = "close-barley";

    @ClassRule
    public static final JenkinsRule J = new JenkinsRule();

    @ClassRule
    public static final ServedConfigRepositories REPOSITORIES = new ServedConfigRepositories();

    @Test
    public void rotatedCredentialsTakeEffectAtOnceAndAreNotShown() throws Exception {
        JenkinsTestKit.users(J);
        JenkinsTestKit.repository(REPOSITORIES.create(REPO));
        WorkflowRun run = JenkinsTestKit.start(
                JenkinsTestKit.job(
                        J,
                        "rotate",
                        "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                                + "input(id: 'one', message: 'password changes')\n"
                                + "try { gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v3') }\n"
                                + "catch (e) { echo \"caught: ${e.message}\" }\n"
                                + "input(id: 'two', message: 'credentials follow')\n"
                                + "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v4')"),
                "alice");
        J.waitForMessage("password changes", run);
        REPOSITORIES.setPassword(NEW_PASSWORD);
        String before = REPOSITORIES.tip(REPO);
        JenkinsTestKit.proceed(run);
        J.waitForMessage("credentials follow", run);
        J.assertLogContains("caught: ", run);
        J.assertLogContains("credentials " + JenkinsTestKit.CREDENTIALS, run);
        assertThat(REPOSITORIES.tip(REPO), is(before));
        JenkinsTestKit.rotate(JenkinsTestKit.CREDENTIALS, NEW_PASSWORD);
        JenkinsTestKit.proceed(run);
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        assertThat(REPOSITORIES.read(REPO, JenkinsTestKit.imageFile("payments-api/dev")), containsString("\"v4\""));
        for (Path file : files(run)) {
            String content = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertThat(file.toString(), content, not(containsString(ServedConfigRepositories.PASSWORD)));
            assertThat(file.toString(), content, not(containsString(NEW_PASSWORD)));
        }
    }

    /** The build's record, log and stored program. */
    private static List<Path> files(WorkflowRun run) throws IOException {
        try (Stream<Path> all = Files.walk(run.getRootDir().toPath())) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
