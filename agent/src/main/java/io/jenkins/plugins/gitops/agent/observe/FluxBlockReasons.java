package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import java.util.ArrayList;
import java.util.List;

/** Why Flux will not apply anything newer until a person acts or a dependency is ready. */
final class FluxBlockReasons {
    private FluxBlockReasons() {}

    /** One line; null if no reason is known. */
    @CheckForNull
    static String of(FluxObject object, @CheckForNull FluxSource source, List<FluxObject> dependencies) {
        List<String> reasons = new ArrayList<>();
        if (object.deleting()) {
            reasons.add(object.ref() + " is being deleted");
        }
        if (object.suspended()) {
            reasons.add(object.ref() + " is suspended" + at(object.applied())
                    + "; resume it (flux resume kustomization " + object.ref().name() + " -n "
                    + object.ref().namespace() + ")");
        }
        if (source == null) {
            reasons.add("its source " + object.source() + " does not exist or cannot be seen by the observer");
        } else if (source.suspended()) {
            reasons.add(source.ref() + " is suspended" + at(source.revision())
                    + "; resume it (flux resume source git " + source.ref().name() + " -n "
                    + source.ref().namespace() + ")");
        } else if (source.problem() != null) {
            reasons.add(source.ref() + " cannot be read since " + source.since() + ": " + source.problem()
                    + "; its last artifact is " + brief(source.revision()));
        }
        if (object.stalled().isTrue()) {
            reasons.add(object.ref() + " is stalled: " + object.stalled().message());
        } else if (object.ready().isFalse() && object.ready().reason().equals("DependencyNotReady")) {
            reasons.add(object.ready().message() + dependencies(dependencies));
        } else if (object.ready().isFalse() && object.ready().reason().equals("ArtifactFailed")) {
            reasons.add("its artifact cannot be fetched: " + object.ready().message());
        }
        return reasons.isEmpty() ? null : String.join("; ", reasons);
    }

    private static String dependencies(List<FluxObject> dependencies) {
        return dependencies.stream()
                .filter(d -> !d.ready().isTrue() && !d.ready().reason().isEmpty())
                .findFirst()
                .map(d -> " (" + d.ready().reason() + ": " + d.ready().message() + ")")
                .orElse("");
    }

    private static String at(@CheckForNull String revision) {
        return revision == null ? "" : " at " + brief(revision);
    }

    private static String brief(@CheckForNull String revision) {
        return revision == null ? "nothing" : ShortRevision.of(revision);
    }
}
