package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.Plan;
import io.jenkins.plugins.gitops.core.git.Tip;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.Target;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Brings a target back to images that it held before, as a new commit; nothing is rewritten. */
public final class Rollback implements ChangePlanner {
    /** Far enough back for any rollback that a person still means. */
    private static final int STEPS = 200;

    private final String application;
    private final String environment;
    private final String to;
    private final boolean hold;
    private final Origin origin;

    /**
     * @param to a revision or tag out of the target's history; null: what it held before the present images
     * @param hold whether the target is held from then on, in the same commit
     */
    public Rollback(String application, String environment, @CheckForNull String to, boolean hold, Origin origin) {
        this.application = application;
        this.environment = environment;
        this.to = to;
        this.hold = hold;
        this.origin = origin;
    }

    @Override
    public Plan plan(Tip tip) throws RefusedException, IOException {
        Delivery delivery = Delivery.load(tip.files());
        Target target = delivery.target(application, environment);
        List<ImageHistory.Entry> history = ImageHistory.newestFirst(tip.files(), tip::fileLog, target, STEPS);
        ImageHistory.Entry back = to == null ? ImageHistory.previous(history) : ImageHistory.find(history, to);
        if (back == null) {
            throw new RefusedException(
                    to == null ? target.id() + " never held another image" : target.id() + " never held \"" + to + "\"",
                    "Name a revision or tag that the history of " + target.path() + " shows");
        }
        Images change = new Images(tip.files(), target, false);
        List<String> present =
                change.before().stream().map(ImageReference::name).toList();
        // An image that the file no longer lists is not brought back: its container is gone too.
        change.setAll(
                back.images().stream().filter(i -> present.contains(i.name())).toList());
        Trailers trailers = change.addTo(origin.trailers(target))
                .with(Trailers.ROLLBACK_OF, history.get(0).revision());
        Map<String, byte[]> files = new HashMap<>(change.files());
        boolean there = change.areThere(files);
        if (!there) {
            delivery.checkReason(environment, origin.reason());
        }
        if (hold) {
            trailers = trailers.with(Trailers.HOLD, Hold.HELD);
            if (!there || Hold.find(tip.files(), target).isEmpty()) {
                files.put(Hold.file(target), Hold.of(origin).content());
            }
        }
        return new Plan(files, target.id() + ": roll back to " + change.summary(), trailers);
    }
}
