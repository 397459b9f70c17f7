package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * Common mistakes in Jenkinsfiles: the message is one line with the correction, without a stack trace, and nothing is
 * written.
 */
public class StepParameterErrorsTest {

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    private static final String QUOTES = "Put it in quotes, as tag: '...', since a Pipeline may read the number";
    private static final String LIST = "Write a list, as images: ['...', '...']";
    private static final String ENTRIES = "Write each as a string in quotes, as images: ['...', '...']";
    private static final Map<String, String> SCRIPTS = new LinkedHashMap<>();

    static {
        String dev = "gitopsSetImage(app: 'payments-api', env: 'dev', ";
        SCRIPTS.put(dev + "tag: 1.10)", "gitopsSetImage: tag is the number 1.10. " + QUOTES);
        SCRIPTS.put(dev + "tag: 7)", "gitopsSetImage: tag is the number 7. " + QUOTES);
        SCRIPTS.put(dev + "images: [null])", "gitopsSetImage: entry 1 of images is null. " + ENTRIES);
        SCRIPTS.put(dev + "images: ['a:1', 2])", "gitopsSetImage: entry 2 of images is the number 2. " + ENTRIES);
        SCRIPTS.put(dev + "images: 'a:1')", "gitopsSetImage: images is a string. " + LIST);
        SCRIPTS.put(dev + "images: [a: 1])", "gitopsSetImage: images is a map. " + LIST);
        SCRIPTS.put(dev + "image: ['a'], tag: '1')", "gitopsSetImage: image is a list. Use a string, as image: '...'");
        SCRIPTS.put(dev + "tag: 'v2', force: 'yes')", "gitopsSetImage: force is a string. Write force: true or");
        SCRIPTS.put(
                dev + "tga: 'v2')", "gitopsSetImage has no parameter \"tga\". Use app, create, digest, env, force,");
        SCRIPTS.put(dev + "tag: 'v2\\nFinished: SUCCESS')", "gitopsSetImage: tag contains control characters,");
        SCRIPTS.put("gitopsSetImage(app: 'payments-api', tag: 'v2')", "gitopsSetImage needs env. Write env: '...'");
        SCRIPTS.put("gitopsSetImage(app: 'x', env: null, tag: 'v2')", "gitopsSetImage needs env. Write env: '...'");
        SCRIPTS.put("gitopsAwaitSync(app: 5, env: 'dev')", "gitopsAwaitSync: app is the number 5. Put it in quotes,");
        SCRIPTS.put("gitopsAwaitSync(timeout: [1])", "gitopsAwaitSync: timeout is a list. Use a string,");
        SCRIPTS.put("gitopsPromote(app: 'x', from: 'dev')", "gitopsPromote needs to. Write to: '...'");
        SCRIPTS.put("gitopsPromote(from: [:], to: 'x')", "gitopsPromote: from is a map. Use a string, as from: '...'");
        SCRIPTS.put("gitopsRollback(env: 'dev')", "gitopsRollback needs reason. Write reason: '...'");
        SCRIPTS.put("gitopsRollback(env: 'dev', reason: 5)", "gitopsRollback: reason is the number 5. Put it in");
        SCRIPTS.put("gitopsSync(env: ['dev'])", "gitopsSync: env is a list. Use a string, as env: '...'");
        SCRIPTS.put("gitopsSync(env: 'dev\\u202e')", "gitopsSync: env contains control characters,");
    }

    private static void refused(String name, String script, String message) throws Exception {
        String before = J.repository().tip();
        WorkflowRun run = J.waitForCompletion(Pipelines.start(J.job(name, script), "alice"));
        J.assertBuildStatus(Result.FAILURE, run);
        J.assertLogContains(message, run);
        for (String line : JenkinsRule.getLog(run).split("\n")) {
            assertThat(line, line.matches("\\s*at [\\w.$]+[(/].*|.*Exception: .*"), is(false));
        }
        assertThat(J.repository().tip(), is(before));
    }

    @Test
    public void scriptedErrorsNameTheParameter() throws Exception {
        int count = 0;
        for (Map.Entry<String, String> script : SCRIPTS.entrySet()) {
            refused("scripted" + count++, script.getKey(), "ERROR: " + script.getValue());
        }
    }

    /** Declarative itself checks unknown and missing parameters before the build begins, so they are not listed. */
    @Test
    public void declarativeErrorsNameTheParameter() throws Exception {
        String dev = "gitopsSetImage(app: 'payments-api', env: 'dev', ";
        Map<String, String> steps = new LinkedHashMap<>();
        steps.put(dev + "tag: 1.10)", "ERROR: gitopsSetImage: tag is the number 1.1");
        steps.put(dev + "images: [null])", "ERROR: gitopsSetImage: entry 1 of images is null. " + ENTRIES);
        steps.put(dev + "images: \"${'a:1'}\")", "ERROR: gitopsSetImage: images is a string. " + LIST);
        steps.put(dev + "image: ['a'], tag: '1')", "ERROR: gitopsSetImage: image is a list.");
        int count = 0;
        for (Map.Entry<String, String> step : steps.entrySet()) {
            refused(
                    "declarative" + count++,
                    "pipeline { agent none; stages { stage('one') { steps { " + step.getKey() + " } } } }",
                    step.getValue());
        }
    }
}
