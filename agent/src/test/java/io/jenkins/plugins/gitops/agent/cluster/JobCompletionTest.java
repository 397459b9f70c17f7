package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Which Jobs completed the template in Git before their TTL removed them. */
public class JobCompletionTest {
    @Test
    public void onlyCompletedJobWithTtlCounts() {
        String template = JobCompletion.template(job("v1", 60));
        assertThat(JobCompletion.completed(live("v1", 60, "Complete", "True")), is(template));
        assertThat(JobCompletion.completed(live("v1", 0, "Complete", "True")), is(template));
        assertThat(JobCompletion.completed(live("v1", 60, "Complete", "False")), is(nullValue()));
        assertThat(JobCompletion.completed(live("v1", 60, "Failed", "True")), is(nullValue()));
        assertThat(JobCompletion.completed(live("v1", 60, "Suspended", "True")), is(nullValue()));
        assertThat(JobCompletion.completed(live("v1", null, "Complete", "True")), is(nullValue()));
    }

    @Test
    public void unmarkedJobIsUnknown() {
        Map<String, Object> live = live("v1", 60, "Complete", "True");
        JsonTree.child(live, "metadata").remove("annotations");

        assertThat(JobCompletion.completed(live), is(nullValue()));
    }

    @Test
    public void newImageChangesTheTemplateButNewTtlDoesNot() {
        assertThat(JobCompletion.template(job("v2", 60)), is(not(JobCompletion.template(job("v1", 60)))));
        assertThat(JobCompletion.template(job("v1", 90)), is(JobCompletion.template(job("v1", 60))));
    }

    @Test
    public void onlyJobsWithTtlAreMarked() {
        Map<String, Object> plain = job("v1", null);
        JobCompletion.mark(plain);

        assertThat(JsonTree.map(plain, "metadata").containsKey("annotations"), is(false));
    }

    private static Map<String, Object> job(String tag, Integer ttl) {
        Map<String, Object> spec = new LinkedHashMap<>();
        if (ttl != null) {
            spec.put("ttlSecondsAfterFinished", ttl);
        }
        spec.put(
                "template",
                Map.of("spec", Map.of("containers", List.of(Map.of("name", "c", "image", "example.com/j:" + tag)))));
        return new LinkedHashMap<>(Map.of(
                "apiVersion",
                "batch/v1",
                "kind",
                "Job",
                "metadata",
                new LinkedHashMap<>(Map.of("name", "migrate")),
                "spec",
                spec));
    }

    private static Map<String, Object> live(String tag, Integer ttl, String condition, String status) {
        Map<String, Object> live = job(tag, ttl);
        JobCompletion.mark(live);
        live.put("status", Map.of("conditions", List.of(Map.of("type", condition, "status", status))));
        return live;
    }
}
