package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.gitops.testkit.GitServerRule;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.GitopsTestConfiguration;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** A password that changes while a build runs. */
public class RotatedCredentialsTest {
    private static final String NEW_PASSWORD = "close-barley";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    @Test
    public void rotatedCredentialsTakeEffectAtOnceAndAreNotShown() throws Exception {
        WorkflowRun run = Pipelines.start(
                J.job(
                        "rotate",
                        "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                                + "input(id: 'one', message: 'password changes')\n"
                                + "try { gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v3') }\n"
                                + "catch (e) { echo \"caught: ${e.message}\" }\n"
                                + "input(id: 'two', message: 'credentials follow')\n"
                                + "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v4')"),
                "alice");
        J.waitForMessage("password changes", run);
        J.server().setPassword(NEW_PASSWORD);
        String before = J.repository().tip();
        Pipelines.proceed(run);
        J.waitForMessage("credentials follow", run);
        J.assertLogContains("caught: ", run);
        J.assertLogContains("credentials " + GitopsTestConfiguration.CREDENTIALS, run);
        assertThat(J.repository().tip(), is(before));
        GitopsTestConfiguration.setPassword(NEW_PASSWORD);
        Pipelines.proceed(run);
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        assertThat(J.repository().read(ServedConfigRepository.imageFile("payments-api/dev")), containsString("\"v4\""));
        for (Path file : files(run)) {
            String content = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertThat(file.toString(), content, not(containsString(GitServerRule.PASSWORD)));
            assertThat(file.toString(), content, not(containsString(NEW_PASSWORD)));
        }
    }

    /** Returns the build's record, log and stored program. */
    private static List<Path> files(WorkflowRun run) throws IOException {
        try (Stream<Path> all = Files.walk(run.getRootDir().toPath())) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
