/**
 * Names on PyPI that a look-alike would want to be taken for. Written down by hand; a name that is missing is only not protected.
 */
export const POPULAR_PYPI: ReadonlySet<string> = new Set(
  `
accelerate aiofiles aiohttp airflow alembic altair ansible anthropic antlr4-python3-runtime anyio apache-airflow
apscheduler argparse arrow astropy asyncpg attrs authlib autopep8 avro aws-cdk-lib awscli azure-core
azure-identity azure-storage-blob babel backoff backtrader bandit bcrypt beautifulsoup4 behave biopython
bitsandbytes black bleak bokeh boto3 botocore bottle bs4 build cachetools catboost cattrs ccxt celery certifi cffi
chardet charset-normalizer chromadb click cloudpickle cohere colorama configparser confluent-kafka coverage
cryptography cx-freeze cython dagster dash dask dataclasses-json datasets dbt-core decorator deepdiff defusedxml
deprecated diffusers dill discord-py diskcache django django-allauth django-cors-headers django-environ
django-filter djangorestframework dnspython docker docopt docutils duckdb dynaconf einops elasticsearch
email-validator environs eth-account eventlet fabric factory-boy faiss-cpu faker falcon fastapi feedparser
filelock fire flake8 flask flask-cors flask-login flask-migrate flask-restful flask-sqlalchemy flask-wtf flit
folium freezegun fsspec future fuzzywuzzy gensim geopandas geopy gevent gitpython google-api-python-client
google-auth google-cloud-bigquery google-cloud-storage gradio great-expectations greenlet grpcio grpcio-tools
guidance gunicorn hatch hatchling hiredis html5lib httplib2 httpx huggingface-hub humanize hypercorn hypothesis
idna imageio impacket importlib-metadata inflection instructor ipykernel ipython isort itsdangerous jax jaxlib
jellyfish jinja2 jmespath joblib jsonpath-ng jsonschema jupyter jupyterlab kafka-python keras kivy kombu
kubernetes langchain langchain-community langchain-core lark ldap3 lightgbm litellm llama-index locust loguru
luigi lxml mako markdown markupsafe marshmallow matplotlib mechanize mistralai mistune mkdocs mkdocs-material
mlflow mock more-itertools moto motor msgpack mypy mysql-connector-python mysqlclient nats-py nbconvert nbformat
netaddr networkx nltk notebook nox nuitka numba numpy oauthlib onnx onnxruntime openai opencv-python
opencv-python-headless openpyxl opentelemetry-api opentelemetry-sdk optuna orjson packaging paho-mqtt pandas panel
paramiko passlib pdfplumber pdm peewee peft pendulum pexpect phonenumbers pika pillow pinecone-client pip pipenv
platformdirs playwright plotly ply poetry poetry-core polars praw pre-commit prefect prometheus-client
prompt-toolkit protobuf psutil psycopg psycopg2 psycopg2-binary ptyprocess pyarrow pyautogui pycodestyle pycountry
pycparser pycrypto pycryptodome pydantic pydantic-core pydantic-settings pyflakes pygame pygithub pyglet pygments
pyinstaller pyjwt pylint pymongo pymupdf pymysql pynacl pynput pyopenssl pyparsing pypdf pypdf2 pyperclip pyproj
pyqt5 pyramid pyserial pyside6 pyspark pytesseract pytest pytest-asyncio pytest-cov pytest-django pytest-mock
pytest-xdist python-crontab python-dateutil python-docx python-dotenv python-gitlab python-jose python-json-logger
python-levenshtein python-magic python-memcached python-multipart python-pptx python-slugify python-telegram-bot
pytz pyusb pyyaml pyzmq qdrant-client qrcode rapidfuzz rasterio ray rdkit redis regex reportlab requests
requests-mock requests-oauthlib responses retry rich robotframework ruamel-yaml ruff s3fs s3transfer safetensors
sanic scapy schedule scikit-image scikit-learn scipy scrapy seaborn selenium sendgrid sentence-transformers
sentry-sdk setuptools sh shapely simplejson six slack-sdk spacy sphinx sqlalchemy sqlmodel starlette statsmodels
streamlit stripe structlog sympy ta-lib tabulate temporalio tenacity tensorboard tensorflow termcolor textblob
textual thrift tiktoken timm tokenizers toml tomli tomlkit toolz torch torchaudio torchvision tornado tortoise-orm
tox tqdm traitlets transformers trio tweepy twilio twine twisted typer typing-extensions tzdata ujson ultralytics
unidecode urllib3 uv uvicorn virtualenv wandb watchdog weasyprint weaviate-client web3 websocket-client websockets
wheel wrapt wxpython xgboost xlrd xlsxwriter xmltodict yapf yfinance zipp
`
    .trim()
    .split(/\s+/),
);
