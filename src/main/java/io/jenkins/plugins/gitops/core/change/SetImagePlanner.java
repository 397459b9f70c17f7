package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.BranchTip;
import io.jenkins.plugins.gitops.core.git.ChangePlan;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.OperationScope;
import io.jenkins.plugins.gitops.core.git.RevisionReader;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Sets images of a target. Rejected for an environment that requires approval, which must be promoted to instead, and
 * for a held target; and an older build cannot overwrite what a newer build of the same job wrote.
 */
public final class SetImagePlanner implements ChangePlanner {
    private final String application;
    private final String environment;
    private final List<ImageRequest> requests;
    private final Options options;
    private final ChangeMetadata changeMetadata;

    /**
     * Allows what is rejected by default.
     *
     * @param create add an entry for an image that has none
     * @param force overwrite what a newer build of the same job wrote; does not override a hold
     */
    public record Options(boolean create, boolean force) {
        /** Neither create nor force. */
        public static final Options NONE = new Options(false, false);
    }

    /** @param requests at least one; all are written in one commit, or none */
    public SetImagePlanner(
            String application,
            String environment,
            List<ImageRequest> requests,
            Options options,
            ChangeMetadata changeMetadata) {
        this.application = application;
        this.environment = environment;
        this.requests = List.copyOf(requests);
        this.options = options;
        this.changeMetadata = changeMetadata;
    }

    /** One image, without options. */
    public SetImagePlanner(
            String application, String environment, ImageRequest request, ChangeMetadata changeMetadata) {
        this(application, environment, List.of(request), Options.NONE, changeMetadata);
    }

    @Override
    public ChangePlan plan(BranchTip tip) throws UserErrorException, IOException {
        Delivery delivery = Delivery.load(tip.files());
        Target target = delivery.target(application, environment);
        if (delivery.environment(environment).approval() != null) {
            throw new UserErrorException(
                    "Environment " + environment + " requires approval in " + Delivery.FILE,
                    "Promote the image with gitopsPromote");
        }
        ImageUpdate imageUpdate = new ImageUpdate(tip.files(), target, options.create());
        List<String> names = setAll(imageUpdate, target);
        Map<String, byte[]> files = imageUpdate.files();
        Set<String> released = Set.of();
        List<String> warnings = List.of();
        if (!imageUpdate.matches(files)) {
            warnings = imageUpdate.checkNew(files);
            delivery.checkReason(environment, changeMetadata.reason());
            ChangePreconditions.requireNoApproval(
                    delivery,
                    target,
                    ChangePreconditions.checkSharedTargets(
                            tip.files(), delivery, target, files.keySet(), changeMetadata.reason()));
            released = ChangePreconditions.requireNotHeld(tip.files(), target, changeMetadata);
            if (!options.force()) {
                StaleBuildCheck.check(
                        tip,
                        target,
                        changeMetadata.operationId(),
                        imageUpdate.changed(),
                        "Start the job again, or write the older image with force");
            }
        }
        return new ChangePlan(
                files,
                released,
                target.id() + ": set image " + String.join(", ", names) + " to " + imageUpdate.summary(),
                ChangePreconditions.withRelease(released, imageUpdate.addTo(changeMetadata.trailers(target))),
                warnings);
    }

    /** The names of the images. */
    private List<String> setAll(ImageUpdate imageUpdate, Target target) throws UserErrorException, IOException {
        List<String> names = new ArrayList<>();
        for (ImageRequest request : requests) {
            ImageReference image = imageUpdate.resolveName(request.resolve(target.id(), imageUpdate.names()));
            if (names.contains(image.name())) {
                throw new UserErrorException("Image " + image.name() + " is requested twice", "List each image once");
            }
            names.add(image.name());
            imageUpdate.set(image);
        }
        return names;
    }

    @Override
    public OperationScope scope() {
        return new OperationScope(OperationScope.OperationKind.SET_IMAGE, application + "/" + environment);
    }

    @Override
    public boolean isDoneBy(CommitInfo commit, String operationId, RevisionReader revisionReader) throws IOException {
        return TrailerVerification.matchesFiles(revisionReader, commit, operationId, application, environment);
    }

    @Override
    public void requireSame(ChangeResult done, BranchTip tip) throws UserErrorException, IOException {
        List<ImageReference> brought = ImageChange.of(done.trailers()).stream()
                .map(ImageChange::to)
                .filter(Objects::nonNull)
                .toList();
        for (ImageRequest request : requests) {
            if (!brought.isEmpty()
                    && brought.stream().noneMatch(request::isSatisfiedBy)
                    && !brought.contains(named(request, tip))) {
                throw IdempotencyCheck.alreadyUsed(done);
            }
        }
    }

    /**
     * The requested image with the name under which it runs, which may differ from the name in the manifests; null when
     * the name is unknown.
     */
    @CheckForNull
    private ImageReference named(ImageRequest request, BranchTip tip) throws IOException {
        try {
            Target target = Delivery.load(tip.files()).target(application, environment);
            ImageUpdate imageUpdate = new ImageUpdate(tip.files(), target, false);
            return imageUpdate.resolveName(request.resolve(target.id(), imageUpdate.names()));
        } catch (UserErrorException e) {
            // The name no longer refers to an image.
            return null;
        }
    }
}
