package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.Plan;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.Target;
import java.io.IOException;

/** Writes one image of a target. An environment that asks for approval is closed to it: that is what promotion is for. */
public final class SetImage implements ChangePlanner {
    private final String application;
    private final String environment;
    private final ImageRequest request;
    private final Origin origin;

    public SetImage(String application, String environment, ImageRequest request, Origin origin) {
        this.application = application;
        this.environment = environment;
        this.request = request;
        this.origin = origin;
    }

    @Override
    public Plan plan(FileTree tip, String tipRevision) throws RefusedException, IOException {
        Delivery delivery = Delivery.load(tip);
        Target target = delivery.target(application, environment);
        if (delivery.environment(environment).approval() != null) {
            throw new RefusedException(
                    "Environment " + environment + " asks for approval in " + Delivery.FILE,
                    "Bring the image there with gitopsPromote");
        }
        Images images = new Images(tip, target);
        ImageReference image = request.resolve(target.id(), images.before());
        images.set(image);
        return new Plan(
                images.files(),
                target.id() + ": set image " + image.name() + " to " + images.summary(),
                images.addTo(origin.trailers(target)));
    }
}
