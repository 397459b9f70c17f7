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
 * What a build is told when a wait is over.
 *
 * @param changes all that were waited for
 * @param misses those of them that did not become live; empty when all did
 */
record WaitEnd(List<Awaited> changes, List<Miss> misses) {
    /** What the step returns. The last change stands for all, or the first that was missed; {@code changes} has each. */
    Map<String, Object> result() {
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("outcome", "live");
        ArrayList<Object> all = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            LinkedHashMap<String, Object> one = changes.get(i).toMap(miss(i));
            all.add(one);
            map.putAll(one);
        }
        if (!misses.isEmpty()) {
            map.putAll(change(misses.get(0)).toMap(misses.get(0)));
        }
        map.put("changes", all);
        return map;
    }

    @CheckForNull
    private Miss miss(int at) {
        return misses.stream().filter(m -> m.at == at).findFirst().orElse(null);
    }

    private Awaited change(Miss miss) {
        return changes.get(miss.at);
    }

    /** Why the build does not go on as if nothing were. */
    NotLive cause() {
        List<ResourceState> resources = new ArrayList<>();
        misses.forEach(m -> resources.addAll(m.sight.resources()));
        boolean one = misses.size() == 1;
        String rollback = misses.stream()
                .filter(m -> m.rollback != null)
                .map(m -> one ? m.rollback : change(m).id() + " " + m.rollback)
                .collect(Collectors.joining("; "));
        return new NotLive(
                joined(m -> change(m).id(), ", "),
                misses.get(0).outcome,
                joined(m -> m.summary, "; "),
                resources,
                rollback.isEmpty() ? null : rollback);
    }

    private String joined(Function<Miss, String> what, String separator) {
        return misses.stream().map(what).collect(Collectors.joining(separator));
    }

    /** Ends the build with this result and {@link #cause}. */
    FlowInterruptedException interruption(Result result) {
        return StepInterruption.of(result, cause());
    }
}
