package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;

/** The image is set by a variable that another tool substitutes when the file is applied, so it cannot be set here. */
public final class SubstitutedImageException extends UserErrorException {
    private static final long serialVersionUID = 1L;

    private final String variable;
    private final String problem;

    /** @param text as in the file, with {@code ${...}} */
    SubstitutedImageException(SourceLocation location, String called, String text) {
        this(
                location + ": Image " + called + " is set by " + text
                        + " here, a variable that Flux replaces when it applies the file (spec.postBuild); it is never"
                        + " overwritten",
                ImageVariables.name(text),
                "Change the value in spec.postBuild of the Flux Kustomization that applies this folder, or write the image"
                        + " itself here in Git first");
    }

    private SubstitutedImageException(String problem, String variable, String remedy) {
        super(problem, remedy);
        this.problem = problem;
        this.variable = variable;
    }

    /** Name of the variable. */
    public String variable() {
        return variable;
    }

    /**
     * A copy that also says where the value comes from.
     *
     * @param source a location in the repository and its text
     */
    public SubstitutedImageException from(String source) {
        return new SubstitutedImageException(
                problem + ". Its value comes from " + source,
                variable,
                "Change it there, or write the image itself here in Git first");
    }
}
