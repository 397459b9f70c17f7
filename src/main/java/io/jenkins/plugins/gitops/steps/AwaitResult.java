package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/**
 * The result of a wait, as returned to the build.
 *
 * @param changes all awaited changes
 * @param failures those that did not become live; empty when all did
 */
record AwaitResult(List<AwaitedChange> changes, List<FailedAwait> failures) {
    /**
     * The return value of the step. The top-level values are those of the first failure, or else of the last change;
     * {@code changes} has the values of each.
     */
    Map<String, Object> result() {
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("outcome", "live");
        ArrayList<Object> all = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            LinkedHashMap<String, Object> one = changes.get(i).toMap(failure(i));
            all.add(one);
            map.putAll(one);
        }
        if (!failures.isEmpty()) {
            map.putAll(change(failures.get(0)).toMap(failures.get(0)));
        }
        map.put("changes", all);
        return map;
    }

    @CheckForNull
    private FailedAwait failure(int at) {
        return failures.stream().filter(m -> m.at == at).findFirst().orElse(null);
    }

    private AwaitedChange change(FailedAwait failedAwait) {
        return changes.get(failedAwait.at);
    }

    /** The cause that the build fails with. */
    NotLiveCause cause() {
        List<UnhealthyResource> resources = new ArrayList<>();
        failures.forEach(m -> resources.addAll(m.observed.resources()));
        boolean one = failures.size() == 1;
        String rollback = failures.stream()
                .filter(m -> m.rollback != null)
                .map(m -> one ? m.rollback : change(m).id() + " " + m.rollback)
                .collect(Collectors.joining("; "));
        return new NotLiveCause(
                joined(m -> change(m).id(), ", "),
                failures.get(0).outcome,
                joined(m -> m.summary, "; "),
                resources,
                rollback.isEmpty() ? null : rollback);
    }

    private String joined(Function<FailedAwait, String> what, String separator) {
        return failures.stream().map(what).collect(Collectors.joining(separator));
    }

    /** Ends the build with this result and {@link #cause}. */
    FlowInterruptedException interruption(Result result) {
        return StepInterruption.of(result, cause());
    }
}
