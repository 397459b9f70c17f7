package io.jenkins.plugins.gitops.core.image;

import org.junit.Test;

public class MarkedImagesTest {
    private static final String NAME = "ghcr.io/o/a";
    private static final String MARK = "gitops: image=" + NAME;

    private static ImageFileEdits file(String name) {
        return new ImageFileEdits(name);
    }

    @Test
    public void setsTheValueOfAMarkedLineInAnyText() throws Exception {
        String[][] table = {
            {"Makefile", "TAG := v1 # " + MARK + "\nOTHER := v1\n", "TAG := v2 # " + MARK + "\nOTHER := v1\n"},
            {"main.tf", "tag = \"v1\" # " + MARK + "\r\n", "tag = \"v2\" # " + MARK + "\r\n"},
            {"main.tf", "image = \"" + NAME + ":v1\" // " + MARK, "image = \"" + NAME + ":v2\" // " + MARK},
            {"a.ini", "[x]\ntag=v1 ; " + MARK + "\n", "[x]\ntag=v2 ; " + MARK + "\n"},
            {"p.xml", "<tag>v1</tag> <!-- " + MARK + " -->\n", "<tag>v2</tag> <!-- " + MARK + " -->\n"},
            {"x.conf", "pull {v1, \u00e4} { v1 }; # " + MARK + "\n", "pull {v1, \u00e4} { v2 }; # " + MARK + "\n"},
            {"Dockerfile", "FROM " + NAME + ":v1 AS b # " + MARK + "\n", "FROM " + NAME + ":v2 AS b # " + MARK + "\n"}
        };
        for (String[] row : table) {
            file(row[0]).sets(row[1], NAME + ":v2", row[2]);
        }
    }

    @Test
    public void setsTheValueOfAMarkedLineInYaml() throws Exception {
        file("x.yaml")
                .sets(
                        "a:\n  tag: v1 # " + MARK + "\n  other: v1\n",
                        NAME + ":1.10",
                        "a:\n  tag: \"1.10\" # " + MARK + "\n  other: v1\n");
        file("x.yaml")
                .sets(
                        "kind: Thing\napiVersion: x/v1\nspec: {image: " + NAME + ":v1, pull: yes} # " + MARK + "\n",
                        NAME + ":v2",
                        "kind: Thing\napiVersion: x/v1\nspec: {image: " + NAME + ":v2, pull: yes} # " + MARK + "\n");
        file("x.yaml")
                .sets(
                        "a: v1 # " + MARK + "\nb: v1 # " + MARK + "\n# c: v1 # " + MARK + "\n",
                        NAME + ":v2",
                        "a: v2 # " + MARK + "\nb: v2 # " + MARK + "\n# c: v1 # " + MARK + "\n");
    }

    @Test
    public void refusesWhatIsNotCertain() {
        String remedy = " Write the tag or name:tag as the last word before the comment, and the image's name in it.";
        String problem = "This line is marked as image " + NAME + ", and has no single value that can be its tag.";
        file("x.yaml").refuses("a: {b: v1, c: v1} # " + MARK + "\n", NAME + ":v2", "x.yaml:1:19: " + problem + remedy);
        file("x.yaml").refuses("a: # " + MARK + "\n  b: v1\n", NAME + ":v2", "x.yaml:1:4: " + problem + remedy);
        file("x.sh").refuses("TAG=$(git describe v1) # " + MARK + "\n", NAME + ":v2", "x.sh:1:24: " + problem + remedy);
        file("x.tf").refuses("x = [] # " + MARK + "\n", NAME + ":v2", "x.tf:1:8: " + problem + remedy);
        file("x.yaml")
                .refuses(
                        "a: v1 # " + MARK + "\nb: v0 # " + MARK + "\n",
                        NAME + ":v2",
                        "x.yaml:2:4: There is a second entry for image " + NAME
                                + ", after line 1. Give both the same value in Git first.");
        file("x.yaml")
                .refuses(
                        "a: v1 # " + MARK + "\nimage: o/b:v1\n",
                        "o/b:v2",
                        "x.yaml: No line here is marked as image o/b. Use one of " + NAME
                                + ", or mark the line with \"# gitops: image=o/b\" in Git first.");
    }

    @Test
    public void addsNothingToATextThatIsNotYaml() {
        for (String name : new String[] {"a.ini", ".env", "main.tf", "Dockerfile"}) {
            String content = "tag=v1 ; x: y=z\n";
            file(name)
                    .refusesToCreate(
                            content,
                            NAME + ":v2",
                            name + ": This is not a file of Helm values, so image " + NAME
                                    + " cannot be added. Write the"
                                    + " value in Git first, and name it below images in gitops.yaml.");
        }
    }
}
