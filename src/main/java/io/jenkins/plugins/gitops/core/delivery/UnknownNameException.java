package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.image.NameList;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * An unknown name. The message lists the known names; for a caller who may not see all of them, use {@link #listing}.
 */
public final class UnknownNameException extends UserErrorException {
    private static final long serialVersionUID = 1L;

    /** What the name is for. */
    public enum NameKind {
        APPLICATION,
        ENVIRONMENT
    }

    /**
     * A path that looks like the requested name, but is not a target.
     *
     * @param name that the caller must be allowed to see
     * @param text the end of the problem
     * @param remedy the end of a sentence that starts with a known name; empty when there is none
     */
    record NearMatch(String name, String text, String remedy) implements Serializable {
        static final NearMatch NONE = new NearMatch("", "", "");
    }

    private final NameKind kind;
    private final String problem;
    private final ArrayList<String> known;
    private final String also;
    private final String otherwise;
    private final NearMatch near;

    /**
     * @param known possible names, in the order in which they are listed
     * @param also an alternative to using one of these, as the end of a sentence; may be empty
     * @param otherwise the remedy if no known name can be listed, one sentence without a full stop
     */
    UnknownNameException(
            @CheckForNull SourceLocation location,
            NameKind kind,
            String problem,
            List<String> known,
            String also,
            String otherwise,
            NearMatch near) {
        this(
                kind,
                location == null ? problem : location + ": " + problem,
                new ArrayList<>(known),
                also,
                otherwise,
                near);
    }

    private UnknownNameException(
            NameKind kind, String problem, ArrayList<String> known, String also, String otherwise, NearMatch near) {
        super(
                problem + near.text(),
                (known.isEmpty() ? otherwise : "Use one of " + NameList.list(known) + also) + near.remedy());
        this.kind = kind;
        this.problem = problem;
        this.known = known;
        this.also = also;
        this.otherwise = otherwise;
        this.near = near;
    }

    public NameKind kind() {
        return kind;
    }

    /** A copy that lists only the names that pass a test; if there are none, it contains the other remedy. */
    public UnknownNameException listing(Predicate<String> shown) {
        ArrayList<String> names = new ArrayList<>(known);
        names.removeIf(shown.negate());
        NearMatch visible = shown.test(near.name()) ? near : NearMatch.NONE;
        return new UnknownNameException(kind, problem, names, also, otherwise, visible);
    }
}
