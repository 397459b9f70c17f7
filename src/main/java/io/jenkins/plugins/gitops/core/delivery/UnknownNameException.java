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
 * A name that is not known. Its message lists the known ones, so a caller who may not see all of them gets {@link #listing}
 * instead.
 */
public final class UnknownNameException extends UserErrorException {
    private static final long serialVersionUID = 1L;

    /** What the names are names of. */
    public enum NameKind {
        APPLICATION,
        ENVIRONMENT
    }

    /**
     * What looks like the name that was asked for, and is not a target.
     *
     * @param name which callers must be allowed to see
     * @param text the end of the problem
     * @param remedy the end of a sentence that begins with a known name; empty when there is none
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
     * @param known what could have been meant, in the order in which it is listed
     * @param also what can be done beside using one of these, as the end of a sentence; may be empty
     * @param otherwise what to do where no known name helps, one sentence without a full stop
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

    /** The same refusal, listing only the names that pass a test; where none does, it says what else can be done. */
    public UnknownNameException listing(Predicate<String> shown) {
        ArrayList<String> names = new ArrayList<>(known);
        names.removeIf(shown.negate());
        NearMatch visible = shown.test(near.name()) ? near : NearMatch.NONE;
        return new UnknownNameException(kind, problem, names, also, otherwise, visible);
    }
}
