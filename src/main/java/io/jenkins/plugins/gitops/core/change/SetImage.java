package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.Plan;
import io.jenkins.plugins.gitops.core.git.Revisions;
import io.jenkins.plugins.gitops.core.git.Tip;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Writes images of a target. An environment that asks for approval is closed to it: that is what promotion is for. So is a
 * held target, and an older build cannot overwrite what a newer one of the same job wrote.
 */
public final class SetImage implements ChangePlanner {
    private final String application;
    private final String environment;
    private final List<ImageRequest> requests;
    private final Options options;
    private final Origin origin;

    /**
     * What is usually refused.
     *
     * @param create an image that has no entry gets one
     * @param force overwrite what a newer build of the same job wrote; a hold stays a hold
     */
    public record Options(boolean create, boolean force) {
        /** Neither. */
        public static final Options NONE = new Options(false, false);
    }

    /** @param requests at least one; all of them are written in one commit, or none */
    public SetImage(
            String application, String environment, List<ImageRequest> requests, Options options, Origin origin) {
        this.application = application;
        this.environment = environment;
        this.requests = List.copyOf(requests);
        this.options = options;
        this.origin = origin;
    }

    /** One image, without options. */
    public SetImage(String application, String environment, ImageRequest request, Origin origin) {
        this(application, environment, List.of(request), Options.NONE, origin);
    }

    @Override
    public Plan plan(Tip tip) throws RefusedException, IOException {
        Delivery delivery = Delivery.load(tip.files());
        Target target = delivery.target(application, environment);
        if (delivery.environment(environment).approval() != null) {
            throw new RefusedException(
                    "Environment " + environment + " asks for approval in " + Delivery.FILE,
                    "Bring the image there with gitopsPromote");
        }
        Images images = new Images(tip.files(), target, options.create());
        List<String> names = new ArrayList<>();
        for (ImageRequest request : requests) {
            ImageReference image = images.running(request.resolve(target.id(), images.before()));
            if (names.contains(image.name())) {
                throw new RefusedException("Image " + image.name() + " is asked for twice", "Name each image once");
            }
            names.add(image.name());
            images.set(image);
        }
        Map<String, byte[]> files = images.files();
        Set<String> released = Set.of();
        if (!images.areThere(files)) {
            delivery.checkReason(environment, origin.reason());
            Guards.requireNoApproval(
                    delivery,
                    target,
                    Guards.passOthers(tip.files(), delivery, target, files.keySet(), origin.reason()));
            released = Guards.passHold(tip.files(), target, origin);
            if (!options.force()) {
                Overtaking.check(
                        tip,
                        target,
                        origin.operationId(),
                        images.changed(),
                        "Start the job again, or write the older image with force");
            }
        }
        return new Plan(
                files,
                released,
                target.id() + ": set image " + String.join(", ", names) + " to " + images.summary(),
                Guards.releasing(released, images.addTo(origin.trailers(target))));
    }

    @Override
    public boolean isDoneBy(CommitInfo commit, String operationId, Revisions revisions) throws IOException {
        return CommitClaims.agree(revisions, commit, operationId, application, environment);
    }

    @Override
    public void requireSame(ChangeResult done, Tip tip) throws RefusedException, IOException {
        OperationUse.require(done, OperationUse.Kind.SET_IMAGE, application, environment);
        List<ImageReference> brought = ImageChange.of(done.trailers()).stream()
                .map(ImageChange::to)
                .filter(Objects::nonNull)
                .toList();
        for (ImageRequest request : requests) {
            if (!brought.isEmpty()
                    && brought.stream().noneMatch(request::isMetBy)
                    && !brought.contains(named(request, tip))) {
                throw OperationUse.used(done);
            }
        }
    }

    /** An image may be asked for by the name in the manifests, and run under another one. */
    @CheckForNull
    private ImageReference named(ImageRequest request, Tip tip) throws IOException {
        try {
            Target target = Delivery.load(tip.files()).target(application, environment);
            Images images = new Images(tip.files(), target, false);
            return images.running(request.resolve(target.id(), images.before()));
        } catch (RefusedException e) {
            // Nobody knows any more what the name stood for.
            return null;
        }
    }
}
