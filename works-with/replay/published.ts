/**
 * The list of real changes of public packages: pairs of published versions that include their tests, each with its digest.
 *
 * For a new row write any digest: the error message names the one that the registry has.
 */
import type { Package, Version } from './fetch-published';

export interface PublishedChange extends Package {
  from: Version;
  to: Version;
  /** Set if the build must wait for a person, because the change's own tests leave something open. */
  expectedHold?: ExpectedHold;
}

export interface ExpectedHold {
  /** A pattern of the reason for which the build must wait. */
  reason: RegExp;
  note: string;
}

/** Pairs each version with the next one in the list. */
function releases(ecosystem: Package['ecosystem'], name: string, versions: Record<string, string>): PublishedChange[] {
  const all = Object.entries(versions).map(([version, hash]) => ({ version, hash }));
  return all.slice(1).map((to, index) => {
    const expectedHold = EXPECTED_HOLDS[`${name} ${to.version}`];
    return { ecosystem, name, from: all[index] ?? to, to, ...(expectedHold === undefined ? {} : { expectedHold }) };
  });
}

/** Right changes whose own tests do not show them: there is no evidence, so the build waits for a person. */
const EXPECTED_HOLDS: Readonly<Record<string, ExpectedHold>> = {
  'github.com/hashicorp/go-version v1.4.0': {
    reason: /MustConstraints: no test notices/,
    note: 'a new public function that no test calls',
  },
  'github.com/google/uuid v1.5.0': {
    reason: /no test takes this branch/,
    note: 'a new branch that no test takes',
  },
  'github.com/google/uuid v1.4.0': {
    reason: /Strings: no test notices/,
    note: 'a new public function that no test calls',
  },
  'github.com/spf13/pflag v1.0.8': {
    reason: /case ExitOnError: stops when entered: no test takes this branch/,
    note: 'branches that end the process, which no test takes',
  },
  'more-itertools 10.4.0': {
    reason: /CircularShiftsTests/,
    note: 'old tests must change in a file of 230 kB, which the Test Auditor is not shown whole',
  },
  'more-itertools 10.5.0': {
    reason: /they show nothing \(tests\/test_recipes\.py\)/,
    note: 'its tests stand in a file of 230 kB, which the Test Auditor is not shown whole',
  },
  'packaging 24.0': { reason: /did not run/, note: 'its tests need a package that its archive does not name' },
  'cachetools 5.3.3': { reason: /passes without the change/, note: 'its tests pass without it' },
  'cachetools 5.5.0': {
    reason: /tests\/test_keys\.py:26 the test "" shows nothing/,
    note: 'a test of it is called methodkey, so it never runs',
  },
  'toolz 0.12.1': { reason: /passes without the change/, note: 'its tests pass without it' },
  'toolz 1.0.0': { reason: /passes without the change/, note: 'its tests pass without it' },
};

export const PUBLISHED: readonly PublishedChange[] = [
  ...releases('go', 'github.com/yuin/goldmark', {
    'v1.7.4': 'h1:BDXOHExt+A7gwPCJgPIIq7ENvceR7we7rOS9TNoLZeg=',
    'v1.7.5': 'h1:ekTA+pa72CEE23b+Cr+9Z7Xq8/rpKdRMqqyauGO5RNE=',
  }),
  ...releases('go', 'github.com/yuin/goldmark', {
    'v1.7.6': 'h1:cZgJxVh5mL5cu8KOnwxvFJy5TFB0BHUskZZyq7TYbDg=',
    'v1.7.7': 'h1:5m9rrB1sW3JUMToKFQfb+FGt1U7r57IHu5GrYrG2nqU=',
  }),
  ...releases('go', 'github.com/yuin/goldmark', {
    'v1.7.10': 'h1:S+LrtBjRmqMac2UdtB6yyCEJm+UILZ2fefI4p7o0QpI=',
    'v1.7.11': 'h1:ZCxLyDMtz0nT2HFfsYG8WZ47Trip2+JyLysKcMYE5bo=',
  }),
  ...releases('go', 'github.com/yuin/goldmark', {
    'v1.7.13': 'h1:GPddIs617DnBLFFVJFgpo1aBfe/4xcvMc3SB5t/D0pA=',
    'v1.7.14': 'h1:9F3UqVQdZ5GG5y6TU0l1TbbDhZmqfevaOcinQt88Qi8=',
  }),
  ...releases('go', 'github.com/yuin/goldmark', {
    'v1.7.16': 'h1:n+CJdUxaFMiDUNnWC3dMWCIQJSkxH4uz3ZwQBkAlVNE=',
    'v1.7.17': 'h1:p36OVWwRb246iHxA/U4p8OPEpOTESm4n+g+8t0EE5uA=',
  }),
  ...releases('go', 'github.com/yuin/goldmark', {
    'v1.8.5': 'h1:r6N5afV5qj/5S4UTch8agZHJ8UxNCMwX7WjkkJam2NA=',
    'v1.8.6': 'h1:d0VcaP1sx9GkFVkoW+KtggpGi2KZ965i14b0+bDQST4=',
  }),
  ...releases('go', 'github.com/spf13/pflag', {
    'v1.0.6': 'h1:jFzHGLGAlb3ruxLB8MhbI6A8+AQX/2eW4qeyNZXNp2o=',
    'v1.0.7': 'h1:vN6T9TfwStFPFM5XzjsvmzZkLuaLX+HS+0SeFLRgU6M=',
    'v1.0.8': 'h1:/v546uKZ4gFGHpyXvV6CNKDeJBu4l5PRvxwQvdWrc0I=',
    'v1.0.9': 'h1:9exaQaMOCwffKiiiYk6/BndUBv+iRViNW+4lEMi0PvY=',
  }),
  ...releases('go', 'github.com/hashicorp/go-version', {
    'v1.2.0': 'h1:3vNe/fWF5CBgRIguda1meWhsZHy3m8gCJ5wx+dIzX/E=',
    'v1.2.1': 'h1:zEfKbn2+PDgroKdiOzqiE8rsmLqU2uwi5PB5pBJ3TkI=',
    'v1.3.0': 'h1:McDWVJIU/y+u1BRV06dPaLfLCaT7fUTJLp5r04x7iNw=',
    'v1.4.0': 'h1:aAQzgqIrRKRa7w75CKpbBxYsmUoPjzVm1W59ca1L0J4=',
    'v1.6.0': 'h1:feTTfFNnjP967rlCxM/I9g701jU+RN74YKx2mOkIeek=',
  }),
  ...releases('go', 'github.com/Masterminds/semver/v3', {
    'v3.2.0': 'h1:3MEsd0SM6jqZojhjLWWeBY+Kcjy9i6MQAeY7YgDP83g=',
    'v3.2.1': 'h1:RN9w6+7QoMeJVGyfmbcgs28Br8cvmnucEXnY0rYXWg0=',
  }),
  ...releases('go', 'github.com/Masterminds/semver/v3', {
    'v3.3.0': 'h1:B8LGeaivUe71a5qox1ICM/JLl0NqZSW5CHyL+hmvYS0=',
    'v3.3.1': 'h1:QtNSWtVZ3nBfk8mAOu/B6v7FMJ+NHTIgUPi7rj+4nv4=',
    'v3.4.0': 'h1:Zog+i5UMtVoCU8oKka5P7i9q9HgrJeGzI9SA1Xbatp0=',
  }),
  ...releases('go', 'github.com/rivo/uniseg', {
    'v0.4.3': 'h1:utMvzDsuh3suAEnhH0RdHmoPbU648o6CvXxTx4SBMOw=',
    'v0.4.4': 'h1:8TfxU8dW6PdqD27gjM8MVNuicgxIjxpm4K7x4jp8sis=',
  }),
  ...releases('go', 'github.com/rivo/uniseg', {
    'v0.4.6': 'h1:Sovz9sDSwbOz9tgUy8JpT+KgCkPYJEN/oYzlJiYTNLg=',
    'v0.4.7': 'h1:WUdvkW8uEhrYfLC4ZzdpI2ztxP1I582+49Oc5Mq64VQ=',
  }),
  ...releases('go', 'github.com/tidwall/gjson', {
    'v1.17.0': 'h1:/Jocvlh98kcTfpN2+JzGQWQcqrPQwDrVEMApx/M5ZwM=',
    'v1.17.1': 'h1:wlYEnwqAHgzmhNUFfw7Xalt2JzQvsMx2Se4PcoFCT/U=',
  }),
  ...releases('go', 'github.com/BurntSushi/toml', {
    'v1.3.0': 'h1:Ws8e5YmnrGEHzZEzg0YvK/7COGYtTC5PbaH9oSSbgfA=',
    'v1.3.2': 'h1:o7IhLm0Msx3BaB+n3Ag7L8EVlByGnpq14C4YWiu/gL8=',
  }),
  ...releases('go', 'github.com/google/uuid', {
    'v1.3.1': 'h1:KjJaJ9iWZ3jOFZIf1Lqf4laDRCasjl0BCmnEGxkdLb4=',
    'v1.4.0': 'h1:MtMxsa51/r9yyhkyLsVeVt0B+BGQZzpQiTQ4eHZ8bc4=',
    'v1.5.0': 'h1:1p67kYwdtXjb0gL0BPiP1Av9wiZPo5A8z2cWkTZ+eyU=',
    'v1.6.0': 'h1:NIvaJDMOsjHA8n1jAhLSgzrAzy1Hgr+hNrb57e+94F0=',
  }),
  ...releases('go', 'github.com/spf13/cast', {
    'v1.5.0': 'h1:rj3WzYc11XZaIZMPKmwP96zkFEnnAmV8s6XbB2aY32w=',
    'v1.5.1': 'h1:R+kOtfhWQE6TVQzY+4D7wJLBgkdVasCEFxSUBYBYIlA=',
  }),
  ...releases('go', 'github.com/spf13/cast', {
    'v1.7.0': 'h1:ntdiHjuueXFgm5nzDRdOS4yfT43P5Fnud6DH50rz/7w=',
    'v1.7.1': 'h1:cuNEagBQEHWN1FnbGEjCXL2szYEXqfJPbP2HNUaca9Y=',
  }),
  ...releases('go', 'github.com/gorilla/mux', {
    'v1.7.4': 'h1:VuZ8uybHlWmqV03+zRzdwKL4tUnIp1MAQtp1mIFE1bc=',
    'v1.8.0': 'h1:i40aqfkR1h2SlN9hojwV5ZA91wcXFOvkdNIeFDP5koI=',
  }),
  ...releases('go', 'github.com/tidwall/match', {
    'v1.0.3': 'h1:FQUVvBImDutD8wJLN6c5eMzWtjgONK9MwIBCOrUJKeE=',
    'v1.1.0': 'h1:VfI2e2aXLvytih7WUVyO9uvRC+RcXlaTrMbHuQWnFmk=',
    'v1.1.1': 'h1:+Ho715JplO36QYgwN9PGYNhgZvoUSc9X2c80KVTi+GA=',
  }),
  ...releases('go', 'github.com/mitchellh/mapstructure', {
    'v1.4.1': 'h1:CpVNEelQCZBooIPDn+AR3NpivK/TIKU8bDxdASFVQag=',
    'v1.4.2': 'h1:6h7AQ0yhTcIsmFmnAwQls75jp2Gzs4iB8W7pjMO+rqo=',
    'v1.4.3': 'h1:OVowDSCllw/YjdLkam3/sm7wEtOy59d8ndGgCcyj8cs=',
    'v1.5.0': 'h1:jeMsZIYE/09sWLaz43PL7Gy6RuMjD2eJVyuac5Z2hdY=',
  }),
  ...releases('go', 'github.com/pelletier/go-toml/v2', {
    'v2.2.0': 'h1:QLgLl2yMN7N+ruc31VynXs1vhMZa7CeHHejIeBAsoHo=',
    'v2.2.1': 'h1:9TA9+T8+8CUCO2+WYnDLCgrYi9+omqKXyjDtosvtEhg=',
  }),
  ...releases('go', 'github.com/pelletier/go-toml/v2', {
    'v2.2.2': 'h1:aYUidT7k73Pcl9nb2gScu7NSrKCSHIDE89b3+6Wq+LM=',
    'v2.2.3': 'h1:YmeHyLY8mFWbdkNWwpr+qIL2bEqT0o95WSdkNHvL12M=',
  }),
  ...releases('crate', 'bytes', {
    '1.7.1': '8318a53db07bb3f8dca91a600466bdb3f2eaadeedfdbcf02e1accbad9271ba50',
    '1.7.2': '428d9aa8fbc0670b7b8d6030a7fadd0f86151cae55e4dbbece15f3780a3dfaf3',
    '1.8.0': '9ac0150caa2ae65ca5bd83f25c7de183dea78d4d366469f148435e2acfbad0da',
    '1.9.0': '325918d6fe32f23b19878fe4b34794ae41fc19ddbe53b10571a4874d44ffd39b',
  }),
  ...releases('crate', 'bytes', {
    '1.10.0': 'f61dac84819c6588b558454b194026eb1f09c293b9036ae9b159e74e73ab6cf9',
    '1.10.1': 'd71b6127be86fdcfddb610f7182ac57211d4b18a3e9c82eb2d17662f2227ad6a',
  }),
  ...releases('pypi', 'more-itertools', {
    '10.3.0': 'e5d93ef411224fbcef366a6e8ddc4c5781bc6359d43412a65dd5964e46111463',
    '10.4.0': 'fe0e63c4ab068eac62410ab05cccca2dc71ec44ba8ef29916a0090df061cf923',
    '10.5.0': '5482bfef7849c25dc3c6dd53a6173ae4795da2a41a80faea6700d9f5846c5da6',
  }),
  ...releases('pypi', 'mistune', {
    '3.1.0': 'dbcac2f78292b9dc066cd03b7a3a26b62d85f8159f2ea5fd28e55df79908d667',
    '3.1.1': 'e0740d635f515119f7d1feb6f9b192ee60f0cc649f80a8f944f905706a21654c',
  }),
  ...releases('pypi', 'xmltodict', {
    '0.14.1': '338c8431e4fc554517651972d62f06958718f6262b04316917008e8fd677a6b0',
    '0.14.2': '201e7c28bb210e374999d1dde6382923ab0ed1a8a5faeece48ab525b7810a553',
  }),
  ...releases('pypi', 'cachetools', {
    '5.3.2': '086ee420196f7b2ab9ca2db2520aca326318b68fe5ba8bc4d49cca91add450f2',
    '5.3.3': 'ba29e2dfa0b8b556606f097407ed1aa62080ee108ab0dc5ec9d6a723a007d105',
    '5.4.0': 'b8adc2e7c07f105ced7bc56dbb6dfbe7c4a00acce20e2227b3f355be89bc6827',
    '5.5.0': '2cc24fb4cbe39633fb7badd9db9ca6295d766d9c2995f245725a46715d050f2a',
  }),
  ...releases('pypi', 'toolz', {
    '0.12.0': '88c570861c440ee3f2f6037c4654613228ff40c93a6c25e0eba70d17282c6194',
    '0.12.1': 'ecca342664893f177a13dac0e6b41cbd8ac25a358e5f215316d43e2100224f4d',
    '1.0.0': '2c86e3d9a04798ac556793bced838816296a2f085017664e4995cb40a1047a02',
  }),
  ...releases('pypi', 'packaging', {
    '23.2': '048fb0e9405036518eaaf48a55953c750c11e1a1b68e0dd1a9d62ed0c092cfc5',
    '24.0': 'eb82c5e3e56209074766e6885bb04b8c38a0c015d0a30036ebe7ece34c9989e9',
  }),
  ...releases('npm', 'fastq', {
    '1.17.1': 'sha512-sRVD3lWVIXWg6By68ZN7vho9a1pQcN/WBFaAAsDDFzlJjvoGx0P8z7V1t72grFJfJhu3YPZBuu25f7Kaw2jN1w==',
    '1.18.0': 'sha512-QKHXPW0hD8g4UET03SdOdunzSouc9N4AuHdsX8XNcTsuz+yYFILVNIX4l9yHABMhiEI9Db0JTTIpu0wB+Y1QQw==',
  }),
  ...releases('npm', 'secure-json-parse', {
    '3.0.2': 'sha512-H6nS2o8bWfpFEV6U38sOSjS7bTbdgbCGU9wEM6W14P5H0QOsz94KCusifV44GpHDTu2nqZbuDNhTzu+mjDSw1w==',
    '4.0.0': 'sha512-dxtLJO6sc35jWidmLxo7ij+Eg48PM/kleBsxpC8QJE0qJICe+KawkDQmvCMZUr9u7WKVHgMW6vy3fQ7zMiFZMA==',
  }),
  ...releases('npm', '@fastify/error', {
    '4.1.0': 'sha512-KeFcciOr1eo/YvIXHP65S94jfEEqn1RxTRBT1aJaHxY5FK0/GDXYozsQMMWlZoHgi8i0s+YtrLsgj/JkUUjSkQ==',
    '4.2.0': 'sha512-RSo3sVDXfHskiBZKBPRgnQTtIqpi/7zhJOEmAxCiBcM7d0uwdGdxLlsCaLzGs8v8NnxIRlfG0N51p5yFaOentQ==',
  }),
  ...releases('npm', 'rfdc', {
    '1.3.1': 'sha512-r5a3l5HzYlIC68TpmYKlxWjmOP6wiPJ1vWv2HeLhNsRZMrCkxeqxiHlQ21oXmQ4F3SiryXBHhAD7JZqvOJjFmg==',
    '1.4.0': 'sha512-P9wEDJ6O2uKNn510yBABRcpDlRapH/i56M+atix0ZtZ3AC4cRMC7uvLeiexM7DoDq5IYUo0dVavRtEL5hoHGuQ==',
  }),
  ...releases('npm', 'fast-json-stringify', {
    '5.14.0': 'sha512-6m9a2JN9kDFMADmP9MHLbLPrFu5oSSfrwFLzpcqt/aFgcEi+SVhTJGsx/Wivlls8fQ3OnP8UDNfIY1d1qCC50w==',
    '5.14.1': 'sha512-J1Grbf0oSXV3lKsBf3itz1AvRk43qVrx3Ac10sNvi3LZaz1by4oDdYKFrJycPhS8+Gb7y8rgV/Jqw1UZVjyNvw==',
  }),
  ...releases('npm', 'find-my-way', {
    '8.1.0': 'sha512-41QwjCGcVTODUmLLqTMeoHeiozbMXYMAE1CKFiDyi9zVZ2Vjh0yz3MF0WQZoIb+cmzP/XlbFjlF2NtJmvZHznA==',
    '8.2.0': 'sha512-HdWXgFYc6b1BJcOBDBwjqWuHJj1WYiqrxSh25qtU4DabpMFdj/gSunNBQb83t+8Zt67D7CXEzJWTkxaShMTMOA==',
    '8.2.2': 'sha512-Dobi7gcTEq8yszimcfp/R7+owiT4WncAJ7VTTgFH1jYJ5GaG1FbhjwDG820hptN0QDFvzVY3RfCzdInvGPGzjA==',
  }),
  ...releases('npm', 'fast-uri', {
    '3.0.1': 'sha512-MWipKbbYiYI0UC7cl8m/i/IWTqfC8YXsqjzybjddLsFjStroQzsHXkc73JutMvBiXmOvapk+axIl79ig5t55Bw==',
    '3.0.2': 'sha512-GR6f0hD7XXyNJa25Tb9BuIdN0tdr+0BMi6/CJPH3wJO1JjNG3n/VsSw38AwRdKZABm8lGbPfakLRkYzx2V9row==',
  }),
  ...releases('npm', '@fastify/ajv-compiler', {
    '4.0.1': 'sha512-DxrBdgsjNLP0YM6W5Hd6/Fmj43S8zMKiFJYgi+Ri3htTGAowPVG/tG1wpnWLMjufEnehRivUCKZ1pLDIoZdTuw==',
    '4.0.2': 'sha512-Rkiu/8wIjpsf46Rr+Fitd3HRP+VsxUFDDeag0hs9L0ksfnwx2g7SPQQTFL0E8Qv+rfXzQOxBJnjUB9ITUDjfWQ==',
  }),
];
